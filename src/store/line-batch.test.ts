import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyOutcome, facts, response } from '../../test/store/outcomes.js';
import { outcomeId } from '../request/request.js';
import { LineBatch } from './line-batch.js';
import { decodeLine } from './outcome-line.js';

describe('LineBatch', () => {
  it('holds any outcomes one behind the other, and gives each and all of them back', () => {
    const format = fc.constantFrom('json' as const, 'jsonl' as const);
    fc.assert(
      fc.property(fc.array(anyOutcome), format, (outcomes, of) => {
        // Little memory to begin with, so that it has to grow.
        const batch = new LineBatch(of, 16);
        for (const outcome of outcomes) batch.append(outcome);
        expect(batch.ids).toEqual(outcomes.map(outcomeId));
        const lines = outcomes.map((_, index) => batch.line(index));
        expect(lines.map((line) => facts(decodeLine(line)))).toEqual(outcomes.map(facts));
        const separator = of === 'json' ? ',\n' : '\n';
        const all = Buffer.concat(lines.flatMap((line) => [line, Buffer.from(separator)]));
        expect(batch.bytes(0, batch.count)).toEqual(all);
        expect(batch.byteLength).toBe(all.length);
      }),
    );
  });

  it('is as it was when an outcome cannot be written as JSON', () => {
    const batch = new LineBatch('jsonl');
    batch.append(response(1));
    const before = Buffer.from(batch.bytes(0, 1));
    expect(() => batch.append(response(2, { endedAtMs: NaN }))).toThrow('Invalid time value');
    batch.append(response(3));
    expect(batch.ids).toEqual([1, 3]);
    expect(batch.bytes(0, 1)).toEqual(before);
  });

  it('takes lines that are there already, and is empty after clear', () => {
    const batch = new LineBatch('json');
    batch.appendLine(5, Buffer.from('{"id":5}'));
    batch.appendLine(6, Buffer.from('{"id":6}'));
    expect(batch.bytes(0, 2).toString()).toBe('{"id":5},\n{"id":6},\n');
    expect(batch.bytes(1, 2).toString()).toBe('{"id":6},\n');
    batch.clear();
    expect([batch.count, batch.byteLength, batch.bytes(0, 1).length]).toEqual([0, 0, 0]);
  });
});
