import { describe, expect, it } from 'vitest';
import { oneTimeCode } from './one-time-code.js';

// RFC 6238, appendix B: the secret "12345678901234567890", the last 6 of 8 digits.
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a code from a secret', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_234_567_890, '005924'],
  ])('at second %d is that of the RFC', async (second, code) => {
    expect(await oneTimeCode(secret, 0, second * 1000)).toBe(code);
  });

  it('is tried for the next period too, and then no more', async () => {
    const now = 59_000 - 30_000;
    expect(await oneTimeCode(secret, 1, now)).toBe('287082');
    expect(await oneTimeCode(secret, 2, now)).toBeUndefined();
  });

  it('ignores blanks in the secret, as websites show them', async () => {
    const spaced = 'GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ';
    expect(await oneTimeCode(spaced, 0, 59_000)).toBe('287082');
  });

  it('that is not base32 is an error that does not show it', async () => {
    const error: unknown = await oneTimeCode('n0t-base32!', 0, 0).catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'HYDRA_INVALID_OPTION' });
    expect((error as Error).message).not.toContain('n0t');
  });
});

describe('a code from a function', () => {
  it('is asked for once, and taken without blanks around it', async () => {
    let calls = 0;
    const source = () => {
      calls += 1;
      return Promise.resolve(' 012345\n');
    };
    expect(await oneTimeCode(source, 0, 0)).toBe('012345');
    expect(await oneTimeCode(source, 1, 0)).toBeUndefined();
    expect(calls).toBe(1);
  });

  it.each([[12_345], [''], [' '], [undefined], [null]])('%j is refused, unseen', async (code) => {
    const source = (() => code) as unknown as () => string;
    const error: unknown = await oneTimeCode(source, 0, 0).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'HYDRA_INVALID_OPTION', facts: { name: 'intraOtp' } });
    expect((error as Error).message).not.toContain('12345');
  });

  it('that throws is an error of its own, with the cause', async () => {
    const cause = new Error('no terminal');
    const source = () => Promise.reject(cause);
    await expect(oneTimeCode(source, 0, 0)).rejects.toMatchObject({
      code: 'HYDRA_OTP_REQUIRED',
      cause,
    });
  });
});
