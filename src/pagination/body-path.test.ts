import { describe, expect, it } from 'vitest';
import { followBodyPath, parseBodyPath, withAtPath } from './body-path.js';

describe('a path into a body', () => {
  it.each([
    ['items', ['items']],
    ['data.users', ['data', 'users']],
    ['pages[0].list', ['pages', 0, 'list']],
    ['["a name"].x', ['a name', 'x']],
    ['@odata["next.link"]', ['@odata', 'next.link']],
    ['[2][3]', [2, 3]],
    ['.', []],
  ])('reads %s', (text, path) => {
    expect(parseBodyPath('items', text)).toEqual(path);
  });

  it.each(['', '..', 'a..b', '.a', 'a.', 'a b', 'a[', 'a[x]', 'a["b]', '[-1]', 'a"b"', '["\\q"]'])(
    'refuses %j, and names the option',
    (text) => {
      expect(() => parseBodyPath('items', text)).toThrow(
        expect.objectContaining({ code: 'HYDRA_INVALID_OPTION', facts: { name: 'items' } }),
      );
    },
  );

  it('leads to what is there, and else to nothing', () => {
    const body = { a: [{ b: 1 }], none: null, text: 'abc' };
    expect(followBodyPath(body, ['a', 0, 'b'])).toBe(1);
    expect(followBodyPath(body, [])).toBe(body);
    for (const path of [['a', 1, 'b'], ['none', 'x'], ['text', 'length'], ['toString'], ['x', 'y']])
      expect(followBodyPath(body, path)).toBeUndefined();
  });

  it.each([
    [{}, ['a'], { a: 7 }],
    [{ a: 1, b: 2 }, ['a'], { a: 7, b: 2 }],
    [{ a: { b: 1, c: 2 } }, ['a', 'b'], { a: { b: 7, c: 2 } }],
    [{ a: null }, ['a', 'b', 'c'], { a: { b: { c: 7 } } }],
    [{ a: [{ b: 1 }, 2] }, ['a', 0, 'b'], { a: [{ b: 7 }, 2] }],
    [{ a: 1 }, ['__proto__'], JSON.parse('{"a":1,"__proto__":7}')],
  ])('puts something into a copy of %j at %j', (whole, path, put) => {
    const before = JSON.stringify(whole);
    expect(JSON.stringify(withAtPath(whole, path, 7))).toBe(JSON.stringify(put));
    expect(JSON.stringify(whole)).toBe(before);
  });

  it.each([
    [{ a: 'text' }, ['a', 'b']],
    [{ a: [1] }, ['a', 1]],
    [{ a: [1] }, ['a', 'b']],
    [5, ['a']],
  ])('refuses to put something into %j at %j', (whole, path) => {
    expect(() => withAtPath(whole, path, 7)).toThrow(
      expect.objectContaining({ code: 'HYDRA_INVALID_OPTION', facts: { name: 'json' } }),
    );
  });
});
