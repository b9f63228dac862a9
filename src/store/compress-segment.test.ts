import * as fs from 'node:fs';
import { join } from 'node:path';
import * as zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { response } from '../../test/store/outcomes.js';
import { storeSetting, type StoreSetting } from '../../test/store/store-setting.js';
import { checkCompression, compressSegment, decompressor } from './compress-segment.js';
import { LineBatch } from './line-batch.js';

const hasZstd = 'createZstdCompress' in zlib;

let setting: StoreSetting;
beforeEach(() => {
  setting = storeSetting();
});
afterEach(() => setting.remove());

function write(name: string, content: string): string {
  const file = join(setting.folder, name);
  fs.writeFileSync(file, content);
  return file;
}

function linesOf(ids: readonly number[]): string[] {
  const batch = new LineBatch('jsonl');
  for (const id of ids) batch.append(response(id));
  return ids.map((_, index) => batch.line(index).toString());
}

async function decompress(file: string): Promise<string> {
  const stream = fs.createReadStream(file).pipe(decompressor(file));
  return Buffer.concat(
    await (stream as unknown as AsyncIterable<Buffer> & { toArray(): Promise<Buffer[]> }).toArray(),
  ).toString();
}

const compressions = hasZstd ? (['gzip', 'zstd'] as const) : (['gzip'] as const);

describe('a segment that is compressed', () => {
  it.each(compressions)(
    'with %s is in the order of asking, and as valid as before',
    async (how) => {
      const ending = how === 'gzip' ? '.gz' : '.zst';
      const [two, one, three] = linesOf([2, 1, 3]) as [string, string, string];
      const lines = await compressSegment(write('s.jsonl', `${two}\n${one}\n${three}\n`), how, 3);
      expect(lines).toBe(join(setting.folder, `s.jsonl${ending}`));
      expect(await decompress(lines)).toBe(`${one}\n${two}\n${three}\n`);
      const array = await compressSegment(
        write('s.json', `[\n${two},\n${one},\n${three}\n]\n`),
        how,
        3,
      );
      expect(await decompress(array)).toBe(`[\n${one},\n${two},\n${three}\n]\n`);
      expect(fs.statSync(array).mode & 0o777).toBe(0o600);
    },
  );

  it('stays as it is when it is damaged, or not complete', async () => {
    const [one = '', two = ''] = linesOf([1, 2]);
    const damaged = write('a.jsonl', `${one}\ngarbage\n${two}\n`);
    await expect(compressSegment(damaged, 'gzip', 2)).rejects.toThrow('line 2');
    const cut = write('b.jsonl', `${one}\n${two.slice(0, 50)}`);
    await expect(compressSegment(cut, 'gzip', 2)).rejects.toThrow('it holds 1 of 2 outcomes');
    expect(setting.names()).toEqual(['a.jsonl', 'b.jsonl']);
  });

  it.runIf(hasZstd)('may ask for zstd', () => {
    expect(() => checkCompression('zstd', 'x')).not.toThrow();
  });

  it.skipIf(hasZstd)('may not ask for zstd where Node has none', () => {
    expect(() => checkCompression('zstd', 'theOption')).toThrow(
      expect.objectContaining({ code: 'HYDRA_INVALID_OPTION', facts: { name: 'theOption' } }),
    );
    expect(() => decompressor('s.json.zst')).toThrow('zstd, which needs Node 22.15');
    checkCompression('gzip', 'x');
    checkCompression(undefined, 'x');
  });
});
