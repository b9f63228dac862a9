import { describe, expect, it } from 'vitest';
import { appNumber, unusedNames } from './app-names.js';

describe('unusedNames', () => {
  it('fills the gaps, smallest numbers first', () => {
    expect(unusedNames(['x_1', 'x_3', 'y_2', 'x_old'], 'x_', 3)).toEqual(['x_2', 'x_4', 'x_5']);
  });

  it.each([0, -2])('gives none for %d', (howMany) => {
    expect(unusedNames(['x_1'], 'x_', howMany)).toEqual([]);
  });
});

describe('appNumber', () => {
  it('puts names without a number last', () => {
    const names = ['x_10', 'x_old', 'x_9', 'x_'];
    const sorted = names.toSorted((a, b) => appNumber(a, 'x_') - appNumber(b, 'x_'));
    expect(sorted.slice(0, 2)).toEqual(['x_9', 'x_10']);
  });
});
