import { describe, expect, it } from 'vitest';
import { HydraError } from '../../index.js';
import { credential, type CredentialSource } from './credential.js';

const failure = (source: unknown): Promise<unknown> =>
  credential('intraPassword', source as CredentialSource).catch((reason: unknown) => reason);

describe('a credential', () => {
  it('is what was given, or what the function for it returns', async () => {
    expect(await credential('intraLogin', 'me')).toBe('me');
    expect(await credential('intraLogin', () => 'me')).toBe('me');
    expect(await credential('intraLogin', () => Promise.resolve(' me '))).toBe(' me ');
  });

  it('that is missing is an error that names the option', async () => {
    expect(await failure(undefined)).toMatchObject({
      code: 'HYDRA_INVALID_OPTION',
      message: 'Expected `intraPassword` to be given: it has to sign in on the website.',
      facts: { name: 'intraPassword' },
    });
  });

  it.each([
    ['', 'an empty one'],
    [1234, 'a value of type number'],
    [undefined, 'a value of type undefined'],
    [null, 'a value of type object'],
  ])('%j of a function is refused, unseen', async (value, got) => {
    expect(await failure(() => value)).toMatchObject({
      code: 'HYDRA_INVALID_OPTION',
      message: `Expected the function \`intraPassword\` to return a string, got ${got}.`,
    });
  });

  it('passes on what its function fails with, if that is for the reader', async () => {
    const forReader = new HydraError('HYDRA_ABORTED', 'Nobody answered.');
    expect(await failure(() => Promise.reject(forReader))).toBe(forReader);
  });

  it('names the function that failed with anything else, and keeps the cause', async () => {
    const cause = new Error('no terminal');
    expect(await failure(() => Promise.reject(cause))).toMatchObject({
      code: 'HYDRA_INVALID_OPTION',
      message: 'It has to sign in on the website, and the function `intraPassword` failed.',
      cause,
    });
  });
});
