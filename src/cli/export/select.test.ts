import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HydraError } from '../../errors.js';
import { responseFacts } from './facts.js';
import { parsePath, parseSelect, type SelectItem } from './select.js';

const select = (text: string): readonly SelectItem[] => parseSelect(text, responseFacts);

function whatComesOf(text: string): unknown {
  try {
    return select(text).length > 0 ? 'columns' : 'nothing';
  } catch (error) {
    return (error as HydraError).code;
  }
}

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof HydraError && error.code === 'HYDRA_EXPORT') return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('--select', () => {
  it('reads paths, facts and names', () => {
    expect(
      select('id=@id, login ,campus=campus[0].name,level=cursus_users[12].level,@url'),
    ).toEqual([
      { name: 'id', source: { kind: 'fact', fact: 'id' } },
      { name: 'login', source: { kind: 'path', path: ['login'] } },
      { name: 'campus', source: { kind: 'path', path: ['campus', 0, 'name'] } },
      { name: 'level', source: { kind: 'path', path: ['cursus_users', 12, 'level'] } },
      { name: 'url', source: { kind: 'fact', fact: 'url' } },
    ]);
  });

  it('names a column after its path unless it is told otherwise', () => {
    expect(select('.campus[0].name,first name,["a.b"].c,.')).toEqual([
      { name: 'campus[0].name', source: { kind: 'path', path: ['campus', 0, 'name'] } },
      { name: 'first name', source: { kind: 'path', path: ['first name'] } },
      { name: '["a.b"].c', source: { kind: 'path', path: ['a.b', 'c'] } },
      { name: 'body', source: { kind: 'path', path: [] } },
    ]);
  });

  it('takes fields, once', () => {
    expect(select('asked=@id,*')).toEqual([
      { name: 'asked', source: { kind: 'fact', fact: 'id' } },
      'fields',
    ]);
    expect(messageOf(() => select('*,*'))).toBe(
      'Expected "*" only once in --select, got it twice.',
    );
  });

  it.each([
    [
      '',
      'Expected a path such as "campus[0].name", a fact such as "@id", "*" at character 1 of --select, got the end.',
    ],
    ['a,,b', '"*" at character 3 of --select, got ",b".'],
    ['a,', '"*" at character 3 of --select, got the end.'],
    [
      'a=',
      'Expected a path such as "campus[0].name", a fact such as "@id" at character 3 of --select, got the end.',
    ],
    ['=a', 'Expected a name before "=" at character 1 of --select, got "=a".'],
    ['a.', 'Expected a name after "." at character 3 of --select, got the end.'],
    ['a..b', 'Expected a name after "." at character 3 of --select, got ".b".'],
    [
      'a[x]',
      'Expected a number or a quoted name in brackets, [0] or ["a name"], at character 2 of --select, got "[x]".',
    ],
    ['a[0', 'at character 2 of --select, got "[0".'],
    ['a["\\x"]', 'at character 2 of --select'],
    ['a[0]b', 'Expected "," or the end at character 5 of --select, got "b".'],
    ['a]', 'Expected "," or the end at character 2 of --select, got "]".'],
    ['x=a=b', 'Expected "," or the end at character 4 of --select, got "=b".'],
    [
      'login,@nothing',
      'Expected one of @id, @method, @url, @key, @status, @attempts, @app, @at, @ms at character 7 of --select, got "@nothing".',
    ],
    ['@message', 'got "@message".'],
  ])('%j is refused with the place and what was expected', (text, message) => {
    expect(messageOf(() => select(text))).toContain(message);
  });

  it('refuses two columns of one name, and says what to do', () => {
    expect(messageOf(() => select('@id,id'))).toBe(
      'Expected each column to have a name of its own, got two named "id": name one otherwise in --select, as in answer=@id.',
    );
  });

  it('reads back any path that is written with quoted names', () => {
    const step = fc.oneof(fc.string(), fc.nat(999_999_999));
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1 }),
        fc.constantFrom('', ' ', '\n'),
        (path, space) => {
          const text = path.map((one) => `[${space}${JSON.stringify(one)}${space}]`).join(space);
          expect(parsePath('--each', text)).toEqual(path);
          expect(select(`name=${text}`)).toEqual([
            { name: 'name', source: { kind: 'path', path } },
          ]);
        },
      ),
    );
  });

  it('reads back any list of plain paths', () => {
    const write = (steps: readonly (string | number)[]): string =>
      steps
        .map((one, at) => (typeof one === 'number' ? `[${one}]` : `${at ? '.' : ''}${one}`))
        .join('');
    const key = fc.stringMatching(/^[a-z_$-][a-z0-9_$-]{0,8}$/);
    const path = fc.tuple(key, fc.array(fc.oneof(key, fc.nat(99)), { maxLength: 3 }));
    const paths = fc.uniqueArray(path, { minLength: 1, selector: (one) => write(one.flat()) });
    fc.assert(
      fc.property(paths, (many) => {
        const text = many.map((one) => write(one.flat())).join(', ');
        expect(select(text)).toEqual(
          many.map((one) => ({
            name: write(one.flat()),
            source: { kind: 'path', path: one.flat() },
          })),
        );
      }),
    );
  });

  it('never ends otherwise than with columns or an error for the user', () => {
    const piece = fc.constantFrom(
      '@',
      'id',
      '.',
      '[',
      ']',
      '0',
      '"',
      '=',
      ',',
      '*',
      ' ',
      'é',
      '\\',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(['columns', 'HYDRA_EXPORT']).toContain(whatComesOf(pieces.join('')));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('--each', () => {
  it('takes a path, or a dot for the body itself', () => {
    expect(parsePath('--each', '.')).toEqual([]);
    expect(parsePath('--each', 'data[0].items')).toEqual(['data', 0, 'items']);
  });

  it.each([
    [
      '',
      'Expected a path such as "items", or "." for the body itself at character 1 of --each, got the end.',
    ],
    ['a,b', 'Expected ".", "[" or the end at character 2 of --each, got ",b".'],
    ['@id', 'at character 1 of --each, got "@id".'],
  ])('refuses %j', (text, message) => {
    expect(messageOf(() => parsePath('--each', text))).toContain(message);
  });
});
