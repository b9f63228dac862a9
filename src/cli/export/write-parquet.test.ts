import { readdirSync } from 'node:fs';
import * as path from 'node:path';

import { Readable } from 'node:stream';
import {
  asyncBufferFromFile,
  parquetMetadata,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { describe, expect, it } from 'vitest';
import {
  answer,
  exportFolder,
  exportTo,
  otherAnswer,
  runOf,
} from '../../../test/cli/export-setting.js';
import { failure, response } from '../../../test/store/outcomes.js';
import type { Outcome } from '../../request/request.js';
import type { RunReader } from '../../run/read-run.js';
import type { ExportOptions } from './export-plan.js';
import type { Output } from './output.js';
import type { Row } from './rows.js';
import type { TypedColumn } from './scan-columns.js';
import { writeParquet } from './write-parquet.js';

interface Table {
  readonly rows: Record<string, unknown>[];
  readonly types: Record<string, string | undefined>;
  readonly lines: readonly string[];
}

/** Exports to Parquet, and reads that back with a library that has not written it. */
async function table(
  run: RunReader | readonly Outcome[],
  options: ExportOptions = {},
): Promise<Table> {
  const out = path.join(exportFolder(), 'table.parquet');
  const { lines } = await exportTo(run, { ...options, out });
  const file = await asyncBufferFromFile(out);
  const metadata = await parquetMetadataAsync(file);
  const elements = parquetSchema(metadata).children.map(({ element }) => element);
  return {
    rows: await parquetReadObjects({ file, metadata }),
    types: Object.fromEntries(elements.map((one) => [one.name, one.converted_type ?? one.type])),
    lines,
  };
}

describe('Parquet', () => {
  it('gives each column the type that all its values have', async () => {
    const { rows, types, lines } = await table([
      answer(0, { int: 1, real: 1, flag: true, text: 'a', mixed: 'b', list: [1], late: null }),
      answer(1, { int: -5, real: 0.5, flag: null, text: '', mixed: 3, list: { a: 1 }, late: 2 }),
    ]);
    expect(types).toEqual({
      int: 'INT64',
      real: 'DOUBLE',
      flag: 'BOOLEAN',
      text: 'UTF8',
      mixed: 'UTF8',
      list: 'UTF8',
      late: 'INT64',
    });
    expect(rows).toEqual([
      { int: 1n, real: 1, flag: true, text: 'a', mixed: '"b"', list: '[1]', late: null },
      { int: -5n, real: 0.5, flag: null, text: '', mixed: '3', list: '{"a":1}', late: 2n },
    ]);
    expect(lines[0]).toMatch(/^Wrote 2 rows of 2 answers to .*table\.parquet\.$/);
  });

  it('keeps whole numbers of 64 bits to the digit, and longer ones as text', async () => {
    const bodies = ['{"a":9223372036854775807,"b":9223372036854775808}', '{"a":-1,"b":1}'];
    const { rows } = await table(
      bodies.map((body, id) => response(id, { body: Buffer.from(body) })),
    );
    expect(rows).toEqual([
      { a: 9223372036854775807n, b: '9223372036854775808' },
      { a: -1n, b: '1' },
    ]);
  });

  it('knows the time of an answer as a time', async () => {
    const { rows, types } = await table([answer(5, {})], { select: '@id,@at,@key' });
    expect(types).toEqual({ id: 'INT64', at: 'TIMESTAMP_MILLIS', key: 'UTF8' });
    expect(rows).toEqual([{ id: 5n, at: new Date(Date.UTC(2026, 10, 24) + 5), key: null }]);
  });

  it('takes a type from values that come late, and misses no row without JSON', async () => {
    const many = Array.from({ length: 3000 }, (_, id) => answer(id, { n: id }));
    const { rows, types } = await table([
      ...many,
      otherAnswer(3000, 'x'),
      answer(3001, { n: 0.5 }),
    ]);
    expect(types).toEqual({ n: 'DOUBLE' });
    expect(rows.map(({ n }) => n)).toEqual([...many.keys(), null, 0.5]);
  });

  it.each([
    ['rows', { rows: 40, bytes: Infinity }, [40, 40, 20]],
    ['bytes', { rows: Infinity, bytes: 5000 }, [45, 33, 22]],
  ])(
    'is written in groups that end at some %s, and reads as one table',
    async (_, limits, sizes) => {
      const columns: TypedColumn[] = [
        { name: 'id', source: { kind: 'fact', fact: 'id' }, type: 'INT64' },
        { name: 'text', source: { kind: 'path', path: ['text'] }, type: 'STRING' },
      ];
      const pieces: Uint8Array[] = [];
      const output: Output = {
        write: async (data) => void pieces.push(Buffer.from(data)),
        finish: async () => {},
        discard: async () => {},
      };
      const rows = Array.from({ length: 100 }, (_row, id): Row => [id, 'x'.repeat(60 + id)]);
      await writeParquet(columns, Readable.from(rows, { highWaterMark: 1 }), output, limits);
      // One piece for each group, and one for the end: no more is in memory at a time.
      expect(pieces).toHaveLength(sizes.length + 1);
      const file = Uint8Array.from(Buffer.concat(pieces)).buffer;
      const metadata = parquetMetadata(file);
      expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual(sizes);
      expect(await parquetReadObjects({ file, metadata })).toEqual(
        rows.map(([id, text]) => ({ id: BigInt(id as number), text })),
      );
    },
  );

  it('takes lists apart, and failures too', async () => {
    const pages = [answer(0, [{ login: 'a' }, { login: 'b' }]), failure(1)];
    expect((await table(pages, { each: '.' })).rows).toEqual([{ login: 'a' }, { login: 'b' }]);
    const { rows } = await table(pages, { failures: true });
    expect(rows).toMatchObject([{ id: 1n, status: 500n, code: 'HYDRA_HTTP_STATUS' }]);
  });

  it('is a table without rows when there is nothing, and reads as one', async () => {
    const { rows, types, lines } = await table([], { select: '@id,@at,@status,@key,login' });
    expect(rows).toEqual([]);
    expect(types).toEqual({
      id: 'INT64',
      at: 'TIMESTAMP_MILLIS',
      status: 'INT64',
      key: 'UTF8',
      login: 'UTF8',
    });
    expect(lines).toEqual(['There is nothing to export: the run has no answers.']);
  });

  it('is no file when there is nothing and no column is known, for readers refuse that', async () => {
    const folder = exportFolder();
    const { lines } = await exportTo([], { out: path.join(folder, 'table.parquet') });
    expect(lines).toEqual([
      'There is nothing to export: the run has no answers.',
      'No file was written: Parquet has none without columns.',
    ]);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says so when a value has come that does not fit, and leaves no file', async () => {
    let readings = 0;
    const run = runOf(() => [answer(0, { n: 1 }), ...(readings++ ? [answer(1, { n: 'x' })] : [])]);
    await expect(table(run)).rejects.toMatchObject({
      code: 'HYDRA_EXPORT',
      message:
        'Expected column "n" to hold INT64, as when it was first read, got "x" (string): the run has changed meanwhile. Export it again.',
    });
  });
});
