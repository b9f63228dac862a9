import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeDone, encodeDone } from './done-file.js';
import {
  findFailures,
  findSegments,
  mendEnd,
  temporaryPrefix,
  tidy,
  whereIs,
} from './run-files.js';

function folder(...names: string[]): string {
  const made = fs.mkdtempSync(path.join(tmpdir(), 'apihydra-files-'));
  onTestFinished(() => fs.rmSync(made, { recursive: true }));
  for (const name of names) fs.writeFileSync(path.join(made, name), 'x');
  return made;
}

describe('the segments of a run', () => {
  it('are found by part, in its directory and in the temporary folder', () => {
    const directory = folder(
      'responses_10_5.jsonl',
      'responses_9_5.jsonl.gz',
      'responses_2_5.jsonl.txt',
      'responses_x_5.jsonl',
      'responses_3_5.jsonl.tmp',
      'failures.jsonl',
      'other.jsonl',
    );
    const prefix = temporaryPrefix(directory);
    const temporary = folder(
      `${prefix}responses_3_5.jsonl`,
      `${temporaryPrefix('/elsewhere')}responses_4_5.jsonl`,
      'responses_5_5.jsonl',
      `${prefix}failures.jsonl.txt`,
    );
    const found = findSegments(directory, temporary);
    expect(found.map(({ part }) => part)).toEqual([2, 3, 9, 10]);
    expect(found.map(({ stem }) => path.basename(stem))).toEqual([
      'responses_2_5.jsonl.txt',
      `${prefix}responses_3_5.jsonl`,
      'responses_9_5.jsonl',
      'responses_10_5.jsonl',
    ]);
    expect(findFailures(directory, temporary)).toEqual([
      path.join(directory, 'failures.jsonl'),
      path.join(temporary, `${prefix}failures.jsonl.txt`),
    ]);
    expect(findSegments(path.join(directory, 'none'), temporary)).toEqual([]);
  });

  it('are found where they were compressed since', () => {
    const directory = folder('responses_1_5.jsonl.gz', 'responses_2_5.jsonl');
    const at = (name: string): string => path.join(directory, name);
    expect(whereIs(at('responses_1_5.jsonl'))).toBe(at('responses_1_5.jsonl.gz'));
    expect(whereIs(at('responses_2_5.jsonl'))).toBe(at('responses_2_5.jsonl'));
    expect(whereIs(at('responses_3_5.jsonl'))).toBe(at('responses_3_5.jsonl'));
  });
});

describe('tidying', () => {
  it('removes drafts, empty segments and plain ones beside compressed ones, nothing else', () => {
    const kept = ['responses_1_5.jsonl.gz', 'responses_2_5.jsonl', 'notes.tmp', 'run.json'];
    const gone = ['responses_1_5.jsonl', 'run.json.tmp', 'run.json.last.tmp', 'done.bitmap.tmp'];
    const directory = folder(...kept, ...gone, 'responses_2_5.jsonl.gz.tmp');
    fs.writeFileSync(path.join(directory, 'responses_7_5.jsonl'), '');
    fs.writeFileSync(path.join(directory, 'failures.jsonl'), '');
    tidy(directory);
    expect(fs.readdirSync(directory).toSorted()).toEqual([...kept, 'failures.jsonl'].toSorted());
  });
});

describe('mending the end of a file', () => {
  it('leaves its whole lines, wherever it was cut, and however long they are', () => {
    const lines = fc.array(fc.nat(70_000), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(lines, fc.double({ min: 0, max: 1, noNaN: true }), (lengths, share) => {
        const text = lengths.map((length) => `${'y'.repeat(length)}\n`).join('');
        const cut = text.slice(0, Math.floor(text.length * share));
        const file = path.join(folder(), 'failures.jsonl');
        fs.writeFileSync(file, cut);
        mendEnd(file);
        expect(fs.readFileSync(file, 'utf8') === cut.slice(0, cut.lastIndexOf('\n') + 1)).toBe(
          true,
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('the content of the done-set', () => {
  const owner = { createdAtMs: 5 };

  it('comes back as it was, and not when anything of it has changed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.nat(), (bits, where) => {
        const content = encodeDone(bits, owner);
        expect(Buffer.from(decodeDone(content, owner) ?? []).equals(bits)).toBe(true);
        expect(decodeDone(content, { createdAtMs: 6 })).toBeUndefined();
        expect(decodeDone(content.subarray(0, where % content.length), owner)).toBeUndefined();
        const changed = Uint8Array.from(content);
        const index = where % content.length;
        changed[index] = (changed[index] as number) ^ 1;
        expect(decodeDone(changed, owner)).toBeUndefined();
      }),
    );
  });
});
