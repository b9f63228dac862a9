import { describe, expect, it } from 'vitest';
import { inUserWords } from './user-words.js';

describe('inUserWords', () => {
  it.each([
    [
      'Mend or remove it, or name another with the option `appsFile`.',
      'Mend or remove it, or name another with --apps-file.',
    ],
    [
      'Expected `intraLogin` and `intraPassword` to be right.',
      'Expected INTRA_LOGIN and INTRA_PASSWORD to be right.',
    ],
    ['Call `await hydra.setNumberOfApps(n)` first.', 'Call `apihydra apps set N` first.'],
    ['Expected `key` to be a string.', 'Expected `key` to be a string.'],
    ['Expected `constructor` to be left alone.', 'Expected `constructor` to be left alone.'],
  ])('%s', (message, inWords) => {
    expect(inUserWords(message)).toBe(inWords);
  });
});
