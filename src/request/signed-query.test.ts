import { describe, expect, it } from 'vitest';
import { headersWithoutParameters, withoutParameters, withParameters } from './signed-query.js';

describe('withParameters', () => {
  it.each([
    ['/a', { key: 'x' }, '/a?key=x'],
    ['/a?b=1', { key: 'ü &', sig: '2' }, '/a?b=1&key=%C3%BC+%26&sig=2'],
    ['/a', {}, '/a'],
  ])('adds to %s what %j says', (path, query, expected) => {
    expect(withParameters(path, query)).toBe(expected);
  });
});

describe('withoutParameters', () => {
  it.each([
    ['https://a.b/c?key=s', 'https://a.b/c'],
    ['https://a.b/c?key=s&d=1', 'https://a.b/c?d=1'],
    ['https://a.b/c?d=1&key=s', 'https://a.b/c?d=1'],
    ['https://a.b/c?key=s&key=t&d=1&key', 'https://a.b/c?d=1'],
    ['https://a.b/c?k%65y=s#x', 'https://a.b/c#x'],
    ['https://a.b/c?a+key=1&%=2', 'https://a.b/c?a+key=1&%=2'],
    ['https://a.b/key=s', 'https://a.b/key=s'],
    [
      '<https://a.b/?key=s&page=2>; rel="next", <?key=s>; rel="first"',
      '<https://a.b/?page=2>; rel="next", <>; rel="first"',
    ],
  ])('makes %j %j', (text, expected) => {
    expect(withoutParameters(text, ['key'])).toBe(expected);
  });
});

describe('headersWithoutParameters', () => {
  it('looks at all values, and at lists of them', () => {
    const headers = {
      link: '</?key=s>; rel="next"',
      'set-cookie': ['a=b', 'c=/?key=s'],
      x: undefined,
    };
    expect(headersWithoutParameters(headers, ['key'])).toEqual({
      link: '</>; rel="next"',
      'set-cookie': ['a=b', 'c=/'],
      x: undefined,
    });
  });
});
