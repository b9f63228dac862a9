import { describe, expect, it } from 'vitest';
import { checkNumberOfApps, resolveFtOptions } from './ft-options.js';

const invalid = (message: RegExp | string) =>
  expect.objectContaining({
    code: 'HYDRA_INVALID_OPTION',
    message: expect.stringMatching(message) as string,
  }) as Error;

describe('resolveFtOptions', () => {
  it('fills in the defaults and hands the rest on', () => {
    expect(resolveFtOptions({ maxRetries: 3, intraLogin: 'me' })).toEqual({
      intraLogin: 'me',
      intraPassword: undefined,
      intraOtp: undefined,
      apiBase: 'https://api.intra.42.fr/v2',
      profileBase: 'https://profile.intra.42.fr',
      appPrefix: 'ApiHydra_',
      rest: { maxRetries: 3 },
    });
  });

  it.each([
    [{ intraLogn: 'me' }, /Did you mean `intraLogin`/],
    [{ maxRetrys: 3 }, /Did you mean `maxRetries`/],
    [{ api: {} }, /Unknown option `api`/],
    [{ intraLogin: '' }, /`intraLogin` to be a string that is not empty/],
    [{ intraOtp: 123_456 }, /`intraOtp` to be a TOTP secret/],
    [{ appPrefix: 'x\r\ny' }, /`appPrefix`/],
    [{ profileBase: 'profile.example.com' }, /`profileBase` to be an absolute/],
    [{ profileBase: 'https://profile.example.com/?a=1' }, /`profileBase` to be without/],
  ])('%j is refused', (options, message) => {
    expect(() => resolveFtOptions(options as object)).toThrowError(invalid(message));
  });

  it('shows no password in its errors', () => {
    const secrets = [
      { intraPassword: 12_345_678 },
      { intraOtp: 12_345_678 },
      { profileBase: 'https://me:12345678@profile.example.com' },
    ];
    for (const options of secrets) {
      expect(() => resolveFtOptions(options as object)).toThrowError(invalid(/^((?!12345678).)*$/));
    }
  });
});

describe('checkNumberOfApps', () => {
  it.each([0, 1, 200])('%d will do', (howMany) => {
    expect(() => checkNumberOfApps(howMany)).not.toThrow();
  });

  it.each([-1, 201, 1.5, Number.NaN, Infinity, '3', null, undefined, 3n])(
    '%s will not',
    (howMany) => {
      expect(() => checkNumberOfApps(howMany)).toThrowError(invalid(/from 0 to 200, got/));
    },
  );
});
