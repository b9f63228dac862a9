import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkOptions } from './check-options.js';
import { HydraError } from './errors.js';

const schema = z.strictObject({
  retries: z.int().min(0).optional().meta({ expected: 'a whole number, 0 or more' }),
  plain: z.string().optional(),
  intraPassword: z.string().min(3).optional().meta({ expected: 'a string of 3 or more' }),
  otpSecret: z.union([z.string(), z.literal(false)]).optional(),
  list: z.array(z.strictObject({ size: z.number().meta({ expected: 'a number' }) })).optional(),
  bag: z.record(z.string(), z.number()).optional(),
}) as z.ZodType<object>;

function messageFor(given: unknown): string {
  try {
    checkOptions(schema, given);
  } catch (error) {
    if (error instanceof HydraError && error.code === 'HYDRA_INVALID_OPTION') return error.message;
    throw error;
  }
  throw new Error('was accepted');
}

describe('checkOptions', () => {
  it('returns what it was given', () => {
    expect(checkOptions(schema, { retries: 3, plain: 'x' })).toEqual({ retries: 3, plain: 'x' });
  });

  it('names the option, what was expected and what came', () => {
    expect(messageFor({ retries: '3' })).toBe(
      'Expected `retries` to be a whole number, 0 or more, got "3" (string).',
    );
    expect(messageFor({ list: [{ size: 1 }, { size: null }] })).toBe(
      'Expected `list[1].size` to be a number, got null.',
    );
  });

  it('names the expected type where the schema says no more', () => {
    expect(messageFor({ plain: 3 })).toBe('Expected `plain` to be a string, got 3 (number).');
    expect(messageFor({ list: 'x' })).toBe('Expected `list` to be an array, got "x" (string).');
    expect(messageFor({ bag: { a: 'x' } })).toBe(
      'Expected `bag.a` to be a number, got "x" (string).',
    );
  });

  it.each([null, undefined, 'text', 3, []])('refuses %o in place of options', (given) => {
    expect(messageFor(given)).toMatch(/^Expected `options` to be an object, got /);
  });

  it('names the nearest known option for one that is not known', () => {
    expect(messageFor({ retrys: 3 })).toBe('Unknown option `retrys`. Did you mean `retries`?');
    expect(messageFor({ RETRIES: 3 })).toContain('Did you mean `retries`?');
    expect(messageFor({ list: [{ size: 1, sise: 2 }] })).toBe(
      'Unknown option `list[0].sise`. Did you mean `size`?',
    );
  });

  it('lists the known options where none is near', () => {
    expect(messageFor({ somethingElse: 1 })).toMatch(
      /^Unknown option `somethingElse`\. Known are: retries, plain, /,
    );
  });

  it('shows no value of an option that holds a secret, of whatever type', () => {
    expect(messageFor({ intraPassword: 'pw' })).toBe(
      'Expected `intraPassword` to be a string of 3 or more, got another string.',
    );
    expect(messageFor({ intraPassword: 123_456 })).not.toContain('123456');
    expect(messageFor({ otpSecret: 987_654 })).not.toContain('987654');
  });

  it('shows no value of an unknown option, which may be a secret under a wrong name', () => {
    expect(messageFor({ pasword: 'hunter2' })).not.toContain('hunter2');
  });
});
