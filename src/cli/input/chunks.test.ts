/** However the bytes come in chunks, the same lines come out, and as many are counted. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countLines } from './count-requests.js';
import { csvBlocks } from './csv-blocks.js';
import { readCsvRows } from './csv-rows.js';
import { lineBlocks } from './line-blocks.js';
import { readRequestLines } from './request-lines.js';
import { toUtf8 } from './utf8-chunks.js';

async function* inChunks(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let [at, index] = [0, 0];
  while (at < bytes.length) {
    const size = sizes[index++ % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });
const lineEnd = fc.constantFrom('\n', '\r\n');
const encode = (text: string, encoding: 'utf8' | 'utf16le', hasMark: boolean): Buffer =>
  Buffer.from(`${hasMark || encoding === 'utf16le' ? '\ufeff' : ''}${text}`, encoding);

describe('lines', () => {
  const path = fc
    .string({ unit: 'grapheme', maxLength: 8 })
    .map((text) => `/a${text.replaceAll(/\p{Cc}/gu, '')}b`);
  const line = fc.oneof(path, fc.constantFrom('', '  ', '# no', '\t#', '{"path":"/ü"}'));
  const encoding = fc.constantFrom('utf8' as const, 'utf16le' as const);

  it('come out the same, and are counted without being read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        lineEnd,
        encoding,
        fc.boolean(),
        sizes,
        async (lines, end, encodingOfFile, hasMark, chunkSizes) => {
          const bytes = encode(['/first', ...lines].join(end), encodingOfFile, hasMark);
          const utf8 = (): AsyncGenerator<Buffer> => toUtf8('file', inChunks(bytes, chunkSizes));
          const requests = await all(readRequestLines('file', lineBlocks('file', utf8())));
          const expected = ['/first', ...lines.map((text) => text.trim())]
            .filter((text) => text !== '' && !text.startsWith('#'))
            .map((text) => (text.startsWith('{') ? { path: '/ü' } : text));
          expect(requests).toEqual(expected);
          expect(await countLines(utf8(), { comment: '#', quote: undefined })).toBe(
            expected.length,
          );
        },
      ),
    );
  });
});

describe('rows', () => {
  const cell = fc.oneof(
    fc.constantFrom('a', 'ü', 'a b', 'a"b', 'a,b', 'a\nb', '"', '""', '\n'),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 4 }).map((text) => text.trim()),
  );
  const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const row = fc.tuple(fc.constant('x'), cell, cell);

  it('come out the same, and are counted without being read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        lineEnd,
        sizes,
        async (rows, end, chunkSizes) => {
          const text = rows.map((cells) => cells.map(quoted).join(',')).join(end);
          const utf8 = (): AsyncGenerator<Buffer> => inChunks(Buffer.from(text), chunkSizes);
          const blocks = await all(
            readCsvRows('file', csvBlocks('file', lineBlocks('file', utf8()))),
          );
          expect(blocks.flatMap((block) => block.rows)).toEqual(rows);
          expect(await countLines(utf8(), { comment: undefined, quote: '"' })).toBe(rows.length);
          let line = 0;
          const lines = rows.map((cells) => (line += cells.join('').split('\n').length));
          expect(
            blocks.flatMap(({ rows: some, lineOf }) => some.map((_, index) => lineOf(index))),
          ).toEqual(lines);
        },
      ),
    );
  });
});
