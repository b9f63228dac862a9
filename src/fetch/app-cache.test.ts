import { describe, expect, it } from 'vitest';
import { dependsOnCredential } from './app-cache.js';

type Directives = Parameters<typeof dependsOnCredential>[0]['cacheControlDirectives'];

describe('whether an answer depends on the credential', () => {
  it.each<[boolean, Directives, Record<string, null>]>([
    [true, {}, {}],
    [true, { 'max-age': 60 }, {}],
    [true, { private: true, 'max-age': 60, 's-maxage': 60 }, {}],
    [true, { private: ['x'], public: true }, {}],
    [true, { public: true }, { authorization: null }],
    [true, { 's-maxage': 60 }, { accept: null, authorization: null }],
    [false, { public: true }, {}],
    [false, { public: true }, { accept: null }],
    [false, { 's-maxage': 0 }, {}],
    [false, { 'must-revalidate': true }, {}],
  ])('is %s of %j that varies by %j', (expected, cacheControlDirectives, vary) => {
    const given = cacheControlDirectives === undefined ? {} : { cacheControlDirectives };
    expect(dependsOnCredential({ ...given, vary })).toBe(expected);
  });
});
