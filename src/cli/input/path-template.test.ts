import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTemplate } from './path-template.js';

const fill = (template: string, values: Record<string, string>): string =>
  parseTemplate(template).fill((name) => values[name] ?? '');

describe('parseTemplate', () => {
  it('lists the names, each once, and fills them in', () => {
    expect(parseTemplate('/{a}/{ b }/{a}').names).toEqual(['a', 'b']);
    expect(fill('/{a}/{ b }/{a}', { a: '1', b: '2' })).toBe('/1/2/1');
    expect(fill('https://api.example.com/{campus name}', { 'campus name': 'x' })).toBe(
      'https://api.example.com/x',
    );
  });

  it.each([
    ['users/{login}', 'Expected a path that begins with one "/"'],
    ['/users', 'Expected at least one name in braces'],
    ['/users/{}', 'Expected a name in the braces'],
    ['/users/{ }', 'Expected a name in the braces'],
    ['/users/{login', 'Expected each "{" to have its "}"'],
    ['/users/login}', 'Expected each "{" to have its "}"'],
    ['/users/{a}}', 'Expected each "{" to have its "}"'],
    ['/users/{{a}}', 'Expected each "{" to have its "}"'],
    ['/users/{a{b}}', 'Expected each "{" to have its "}"'],
    ['/users/{a}#{b}', 'Expected no "#"'],
  ])('refuses %j', (template, message) => {
    expect(() => parseTemplate(template)).toThrow(message);
    expect(() => parseTemplate(template)).toThrow(`--template ${JSON.stringify(template)}: `);
  });

  it.each([
    ['/users/{a}', { a: '..' }],
    ['/users/{a}/x', { a: '.' }],
    ['/users/.{a}', { a: '.' }],
    ['/users/{a}?b=1', { a: '..' }],
  ])('lets no value lead out of %j: %j', (template, values) => {
    expect(() => fill(template, values)).toThrow('Expected values that name a part of the path');
  });

  it('takes dots where they lead nowhere', () => {
    expect(fill('/users/{a}?file={b}', { a: '...', b: '..' })).toBe('/users/...?file=..');
  });

  it('gives back what was filled in, one segment each, whatever it holds', () => {
    const value = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 6 })
      .filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(value, value, (segment, query) => {
        const url = new URL(
          `https://api.example.com${fill('/v2/{segment}/x?q={query}&r=1', { segment, query })}`,
        );
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'v2', segment, 'x']);
        expect([...url.searchParams]).toEqual([
          ['q', query],
          ['r', '1'],
        ]);
        expect(url.hash).toBe('');
      }),
    );
  });
});
