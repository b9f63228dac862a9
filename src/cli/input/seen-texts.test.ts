import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SeenTexts } from './seen-texts.js';

describe('SeenTexts', () => {
  it('tells what a set of the texts themselves tells', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 2 }), { maxLength: 200 }), (texts) => {
        const seen = new SeenTexts(1e6);
        const exact = new Set<string>();
        for (const text of texts) {
          expect(seen.add(text)).toBe(exact.has(text));
          exact.add(text);
        }
      }),
    );
  });

  it('keeps all of many while it grows', () => {
    const seen = new SeenTexts(1e6);
    const texts = Array.from({ length: 20_000 }, (_, index) => `${index}`);
    expect(texts.filter((text) => seen.add(text))).toHaveLength(0);
    expect(texts.filter((text) => !seen.add(text))).toHaveLength(0);
    expect(seen.isFull).toBe(false);
  });

  it('takes no more than its limit, and still tells those that it took', () => {
    const seen = new SeenTexts(2);
    const wasThere = ['a', 'b', 'c', 'c', 'a', 'b'].map((text) => seen.add(text));
    expect(wasThere).toEqual([false, false, false, false, true, true]);
    expect(seen.isFull).toBe(true);
  });
});
