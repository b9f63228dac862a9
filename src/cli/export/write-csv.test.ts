import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answer, exportTo } from '../../../test/cli/export-setting.js';

describe('CSV', () => {
  const cell = fc.oneof(
    fc.constant(null),
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('', 'a,b', '"', '""', 'a\r\nb', '\n', ' a ', '=1+1', 'é\u{1f419}'),
  );

  it('gives back every text, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1 }), async (rows) => {
        const outcomes = rows.map(([a, b], id) => answer(id, { a, b }));
        const { data } = await exportTo(outcomes, { format: 'csv', select: 'a,b' });
        // An empty cell is nothing, a quoted one is a text without letters.
        const read = parse(data, {
          cast: (value, { quoting }) => (value === '' && !quoting ? null : value),
        });
        expect(read).toEqual([['a', 'b'], ...rows]);
      }),
    );
  });

  it('has no empty lines, which readers take for no row', async () => {
    const outcomes = [answer(0, { a: 'x' }), answer(1, {}), answer(2, { a: 'y' })];
    const { data } = await exportTo(outcomes, { format: 'csv' });
    expect(data).toBe('a\r\nx\r\n""\r\ny\r\n');
  });
});
