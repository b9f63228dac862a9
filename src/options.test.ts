import { describe, expect, it } from 'vitest';
import { defineApi } from './api.js';
import { bearerToken } from './auth/bearer-token.js';
import { describeValue, HydraError } from './errors.js';
import { resolveOptions } from './options.js';

const api = defineApi({
  baseUrl: 'https://api.example.com',
  limits: [{ requests: 2, perMs: 1000 }],
  auth: bearerToken(),
});

function errorFor(options: Record<string, unknown>): HydraError {
  try {
    resolveOptions({ api, ...options });
  } catch (error) {
    if (error instanceof HydraError) return error;
    throw error;
  }
  throw new Error(`was accepted: ${Object.keys(options).join()}`);
}

const wholeNumbers = ['maxConcurrency', 'maxRetries', 'maxNotFoundRetries'];
const numbers = [
  ...wholeNumbers,
  'requestsPerSecond',
  'minRequestDelayMs',
  'retryDelayMs',
  'retryDelayFactor',
  'maxRetryDelayMs',
  'timeoutMs',
];

describe('resolveOptions', () => {
  it('fills in the documented defaults', () => {
    expect(resolveOptions({ api })).toEqual({
      api,
      appsFile: './apps.json',
      minRequestDelayMs: 10,
      maxConcurrency: 4000,
      maxRetries: 50,
      maxNotFoundRetries: 5,
      retryDelayMs: 500,
      retryDelayFactor: 1.1,
      maxRetryDelayMs: 60_000,
      timeoutMs: 60_000,
      threads: 0,
      http2: false,
      cache: false,
      responsesFilePathTemplate: './.responses_%s_%s.json',
      responsesPerFile: 10_000,
      durability: 'os',
      store: true,
      stats: false,
      logLevel: 'info',
    });
  });

  it('takes undefined for the default', () => {
    const options = resolveOptions({ api, maxRetries: undefined, logLevel: undefined });
    expect([options.maxRetries, options.logLevel]).toEqual([50, 'info']);
  });

  it('gives options that cannot be changed', () => {
    expect(Object.isFrozen(resolveOptions({ api }))).toBe(true);
  });

  it('keeps what is given', () => {
    const given = { maxRetries: 0, maxNotFoundRetries: 0, retryDelayMs: 0, minRequestDelayMs: 0 };
    expect(resolveOptions({ api, ...given, appsFile: false })).toMatchObject({
      ...given,
      appsFile: false,
    });
  });

  it.each(numbers)('refuses for %s what is no number in range, saying what came', (name) => {
    for (const value of [-1, Number.NaN, Infinity, -Infinity, '5', '', null, {}, [5], true, 5n]) {
      const error = errorFor({ [name]: value });
      expect(error.code).toBe('HYDRA_INVALID_OPTION');
      expect(error.facts.name).toBe(name);
      expect(error.message).toMatch(
        new RegExp(`^Expected \`${name}\` to be a (whole )?number.*, got .+\\.$`),
      );
      expect(error.message).toContain(describeValue(value));
    }
  });

  it.each(wholeNumbers)('refuses a fraction for %s', (name) => {
    expect(errorFor({ [name]: 1.5 }).message).toContain('whole number');
  });

  it.each([
    ['maxConcurrency', 0],
    ['requestsPerSecond', 0],
    ['timeoutMs', 0],
    ['retryDelayFactor', 0.9],
  ])('refuses %s of %d', (name, value) => {
    expect(errorFor({ [name]: value }).facts.name).toBe(name);
  });

  it.each([
    ['api', {}],
    ['api', undefined],
    ['apps', 'a'],
    ['apps[0].id', undefined, { apps: [{ id: '', credentials: {} }] }],
    ['apps[0].credentials', undefined, { apps: [{ id: 'a' }] }],
    ['apps[0].limits', undefined, { apps: [{ id: 'a', credentials: {}, limits: [] }] }],
    ['limits', []],
    ['limits[0].requests', undefined, { limits: [{ requests: 0, perMs: 1000 }] }],
    ['limits[0].perMs', undefined, { limits: [{ requests: 1, perMs: -1 }] }],
    ['appsFile', ''],
    ['appsFile', true],
    ['threads', -1],
    ['threads', 1.5],
    ['threads', 1000],
    ['http2', 'yes'],
    ['cache', 'yes'],
    ['stats', 'yes'],
    ['logLevel', 'verbose'],
    ['logger', {}],
    ['logger', null],
  ])('names %s when it is wrong', (name, value, options?: Record<string, unknown>) => {
    const error = errorFor(options ?? { [name]: value });
    expect(error.facts.name).toBe(name);
    expect(error.message).not.toMatch(/invalid input/i);
  });

  it('names the nearest option for one that it does not know', () => {
    expect(errorFor({ maxRetry: 3 }).message).toBe(
      'Unknown option `maxRetry`. Did you mean `maxRetries`?',
    );
    expect(
      errorFor({ apps: [{ id: 'a', credentials: {}, secret: 's3cret' }] }).message,
    ).not.toContain('s3cret');
  });

  it('shows no credential of an app', () => {
    for (const credentials of ['s3cret', { token: 12_345_678 }, ['s3cret'], 12_345_678]) {
      const { message } = errorFor({ apps: [{ id: 'a', credentials }] });
      expect(message).toMatch(/^Expected `apps\[0\]\.credentials/);
      expect(message).not.toMatch(/s3cret|12345678/);
    }
  });
});
