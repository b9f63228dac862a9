import * as fs from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failure, response } from '../../test/store/outcomes.js';
import { storeSetting, type StoreSetting } from '../../test/store/store-setting.js';
import type { Outcome } from '../request/request.js';
import { LineBatch } from './line-batch.js';
import { encodeText } from './outcome-text.js';
import { indexSegment, linesOfStream } from './segment-index.js';
import type { Damage } from './segment-lines.js';

let setting: StoreSetting;
beforeEach(() => {
  setting = storeSetting();
});
afterEach(() => setting.remove());

const outcomes = [
  response(4),
  failure(1),
  response(7, { body: Buffer.from('{"a":{"b":{}}}') }),
  response(2, { headers: { 'content-type': 'text/plain' }, body: Buffer.from('}\nbytes 3\n{}') }),
];
const ids = [4, 1, 7, 2];

/** A segment's bytes, and how many of them its first n outcomes take. */
function segmentOf(format: 'json' | 'jsonl' | 'txt'): { bytes: Buffer; wholeAt: number[] } {
  const wholeAt: number[] = [];
  let bytes = Buffer.from(format === 'json' ? '[\n' : '');
  for (const outcome of outcomes) {
    const one = format === 'txt' ? textOf(outcome) : lineOf(outcome);
    bytes = Buffer.concat([bytes, one]);
    wholeAt.push(bytes.length);
    const isLast = wholeAt.length === outcomes.length;
    const separator = format === 'json' && !isLast ? ',\n' : '\n';
    bytes = Buffer.concat([bytes, Buffer.from(separator)]);
  }
  if (format === 'json') bytes = Buffer.concat([bytes, Buffer.from(']\n')]);
  return { bytes, wholeAt };
}

function lineOf(outcome: Outcome): Buffer {
  const batch = new LineBatch('jsonl');
  batch.append(outcome);
  return batch.line(0);
}

function textOf(outcome: Outcome): Buffer {
  const [head, body] = encodeText(outcome);
  return Buffer.concat([Buffer.from(head), body]);
}

async function index(name: string, bytes: Buffer | string): Promise<[number[], string[]]> {
  const file = join(setting.folder, name);
  fs.writeFileSync(file, bytes);
  const damages: Damage[] = [];
  const entries = await indexSegment(file, (damage) => void damages.push(damage));
  for (const damage of damages) expect(damage.file).toBe(file);
  const whole = fs.readFileSync(file);
  for (const { id, offset, length } of entries) {
    const part = whole.toString('latin1', offset, offset + length);
    expect(part).toMatch(new RegExp(`^(\\{"id":${id},|outcome of request ${id}\\n)`));
  }
  return [entries.map(({ id }) => id), damages.map(({ line, reason }) => `${line}: ${reason}`)];
}

const NO_OUTCOME = 'it is no outcome of a request';

describe('a segment that is looked through', () => {
  it.each(['json', 'jsonl', 'txt'] as const)(
    'may be cut off at any byte: what is whole in a .%s is found, and nothing is damaged',
    async (format) => {
      const { bytes, wholeAt } = segmentOf(format);
      for (let length = 1; length <= bytes.length; length++) {
        const count = wholeAt.filter((end) => end <= length).length;
        const [found, damages] = await index(`s.${format}`, bytes.subarray(0, length));
        expect([length, found]).toEqual([length, ids.slice(0, count)]);
        const expected = count === 0 ? ['1: there is no outcome in this file'] : [];
        expect([length, damages]).toEqual([length, expected]);
      }
    },
  );

  it.each(['json', 'jsonl'] as const)(
    'tells of garbage in the middle of a .%s with its line',
    async (format) => {
      const lines = segmentOf(format).bytes.toString().split('\n');
      const at = format === 'json' ? 2 : 1;
      lines[at] = 'garbage';
      lines.splice(at + 1, 0, '{"an":"object"},', '\0\0\0');
      const [found, damages] = await index(`s.${format}`, lines.join('\n'));
      expect(found).toEqual([4, 7, 2]);
      expect(damages).toEqual([1, 2, 3].map((line) => `${at + line}: ${NO_OUTCOME}`));
    },
  );

  it('tells of garbage between texts, and goes on behind it', async () => {
    const { bytes, wholeAt } = segmentOf('txt');
    const lines = (to: number): number => bytes.toString('latin1', 0, to).split('\n').length;
    const [first = 0, second = 0] = wholeAt;
    const before = bytes.subarray(0, first + 1);
    const behind = bytes.subarray(first + 1);
    const [found, damages] = await index(
      's.txt',
      Buffer.concat([before, Buffer.from('garbage\nbytes 3\nabc\n\0\0\n'), behind]),
    );
    expect(found).toEqual(ids);
    expect(damages).toEqual([`${lines(first) + 1}: ${NO_OUTCOME}`]);

    // A length that is wrong leads nowhere.
    const wrong = Buffer.from(bytes);
    wrong.write('9', wrong.indexOf('bytes 8') + 6);
    const [others] = await index('s.txt', wrong);
    expect(others).toEqual([1, 7, 2]);

    // Nor does one text's length count for the next.
    const broken = Buffer.from(bytes);
    broken.fill(0, second - 8, second);
    const [rest, told] = await index('s.txt', broken);
    expect(rest).toEqual([4, 7, 2]);
    expect(told).toEqual([`${lines(first) + 1}: ${NO_OUTCOME}`]);
  });

  it.each([
    ['s.json', ''],
    ['s.jsonl', ''],
    ['s.txt', ''],
    ['s.json', '[\n'],
    ['s.json', '[\n\n]\n'],
  ])('tells of a %s without any outcome: %j', async (name, content) => {
    expect(await index(name, content)).toEqual([[], ['1: there is no outcome in this file']]);
  });

  it.each(['s.json', 's.jsonl', 's.txt'])('tells of a foreign file called %s', async (name) => {
    expect(await index(name, 'one line, no end')).toEqual([[], [`1: ${NO_OUTCOME}`]]);
    const [found, damages] = await index(name, 'name,age\nada,36\n');
    expect(found).toEqual([]);
    expect(damages[0]).toBe(`1: ${NO_OUTCOME}`);
    expect(await index(name, '\0\0\0\0')).toEqual([[], [`1: ${NO_OUTCOME}`]]);
  });

  it('tells of NUL bytes that a power failure left, and finds what stands behind their line', async () => {
    const { bytes, wholeAt } = segmentOf('jsonl');
    const [first = 0] = wholeAt;
    const holed = Buffer.from(bytes);
    holed.fill(0, first + 1, first + 20);
    expect(await index('s.jsonl', holed)).toEqual([[4, 7, 2], [`2: ${NO_OUTCOME}`]]);
    const longer = Buffer.concat([bytes, Buffer.alloc(5000)]);
    expect(await index('s.jsonl', longer)).toEqual([ids, [`5: ${NO_OUTCOME}`]]);
  });
});

describe('the lines of a stream', () => {
  it('are the same however the stream is cut into pieces', async () => {
    const piece = fc.string({ unit: fc.constantFrom('a', '\n', 'é', '\r') });
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async (pieces) => {
        const whole = Buffer.from(pieces.join(''));
        const found: string[] = [];
        for await (const line of linesOfStream(
          Readable.from(pieces.map((one) => Buffer.from(one))),
        )) {
          found.push(line.bytes.toString());
          expect(line.number).toBe(found.length);
          expect(whole.subarray(line.offset, line.offset + line.bytes.length)).toEqual(line.bytes);
          expect(line.isLast).toBe(line.offset + line.bytes.length === whole.length);
        }
        const expected = whole.toString().split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(found).toEqual(expected);
      }),
    );
  });
});
