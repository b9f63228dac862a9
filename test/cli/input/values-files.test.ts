import { describe, expect, it } from 'vitest';
import { openInput } from '../../../src/cli/input/input.js';
import { fileWith, readText } from './input-files.js';

const USERS = '/users/{login}';

describe('a template and values', () => {
  it('make one request for each row', async () => {
    const { requests, error } = await readText(
      'id,login, campus name ,unused\n1,anna,Berlin,\n2,"bob ""b"" c/d",Zürich & co,x\n',
      '/campus/{campus name}/users/{login}?id={id}&again={login}',
    );
    expect(error).toBeUndefined();
    expect(requests).toEqual([
      '/campus/Berlin/users/anna?id=1&again=anna',
      '/campus/Z%C3%BCrich%20%26%20co/users/bob%20%22b%22%20c%2Fd?id=2&again=bob%20%22b%22%20c%2Fd',
    ]);
  });

  it.each([
    ['CRLF', 'login\r\nanna\r\nbob\r\n'],
    ['no end of the last line', 'login\nanna\nbob'],
    ['a byte order mark', '\ufefflogin\nanna\nbob\n'],
    ['a byte order mark before a quote', '\ufeff"login"\nanna\nbob\n'],
    ['blank lines', '\nlogin\n\nanna\n  \nbob\n\n'],
    ['white space around cells', 'login \n anna\n\t"bob" \n'],
    ['UTF-16', Buffer.from('\ufefflogin\nanna\nbob\n', 'utf16le')],
  ])('are the same with %s', async (_, content) => {
    expect(await readText(content, USERS)).toEqual({
      requests: ['/users/anna', '/users/bob'],
      error: undefined,
    });
  });

  it('take a quoted cell over several lines for one value', async () => {
    const { requests } = await readText('login,id\r\n"a\r\nb",1\r\nc,2\r\n', USERS);
    expect(requests).toEqual(['/users/a%0Ab', '/users/c']);
  });

  it('read a file of many chunks', async () => {
    const logins = Array.from({ length: 30_000 }, (_, index) => `user-${index}`);
    const rows = logins.map((login) => `${login.length},"${login}"`);
    const { requests, error } = await readText(`n,login\n${rows.join('\n')}\n`, USERS);
    expect(error).toBeUndefined();
    expect(requests).toEqual(logins.map((login) => `/users/${login}`));
  });
});

describe('values that are missing', () => {
  const row = 'login,id\r\nanna,1\r\n"b\r\nc",2\r\n\r\n';

  it.each([
    ['an empty cell', `${row},3\n`, 6, 'a value for the column `login`, got an empty cell'],
    ['a blank cell', `${row} "" ,3\n`, 6, 'a value for the column `login`, got an empty cell'],
    ['too few cells', `${row}dora\n`, 6, 'Expected a value for the column `id`, got none.'],
    ['too many cells', `${row}dora,3,x\n`, 6, 'Expected 2 cells as in the first line, got 3.'],
    ['a quote that is not closed', `${row}"dora,3\n`, 6, 'Expected each quote to be closed'],
    ['text after a quote', `${row}"dora"x,3\n`, 6, 'Expected a comma after the closing quote'],
    ['a quote in a bare cell', `${row}do"ra,3\n`, 6, 'Expected a quote only at the beginning'],
    ['dots that lead elsewhere', `${row}..,3\n`, 6, 'got "/users/.."'],
    ['no such column', 'logn,id\nanna,1\n', 1, 'Expected a column `login`, got none. Is it `logn`'],
    ['nothing like it', 'a,b\nanna,1\n', 1, 'got none. The columns are: a, b.'],
    ['a column twice', 'login,login\nanna,1\n', 1, 'Expected one column `login`, got several.'],
    ['Latin-1', Buffer.from('login\nanna\nm\xfcller\n', 'latin1'), 3, 'Expected UTF-8'],
  ])('are told with the line: %s', async (_, content, line, message) => {
    const { error } = await readText(content, USERS);
    expect(error?.message).toContain(message);
    expect(error).toMatchObject({ code: 'HYDRA_INPUT_FILE', facts: { line } });
  });

  it('are told only after the requests of the rows before', async () => {
    const { requests } = await readText(`${row}"dora"x,3\n`, USERS);
    expect(requests).toEqual(['/users/anna', '/users/b%0Ac']);
  });

  it.each([
    ['', 'Expected a first line with the names of the columns (login), got nothing.'],
    ['\n \n', 'Expected a first line with the names of the columns (login), got nothing.'],
    ['login,id\n', 'Expected at least one row of values, got none.'],
  ])('are all of them: %j', async (content, message) => {
    expect((await readText(content, USERS)).error?.message).toContain(message);
  });

  it('are in a row of more than 1 MiB, because of a quote', async () => {
    const { error } = await readText(
      `login\nanna\n"${`${'x'.repeat(1023)}\n`.repeat(2 * 1024)}`,
      USERS,
    );
    expect(error?.message).toMatch(/line 3: Expected rows of at most 1 MiB.*is a quote not closed/);
  });
});

describe('flags that do not go together', () => {
  it.each([
    [
      undefined,
      {},
      /^Expected a file with requests .*, or --template with --values, got neither\.$/,
    ],
    [undefined, { template: USERS }, /^Expected --template together with --values/],
    ['x.txt', { values: 'x.csv' }, /^Expected --template together with --values/],
    ['x.txt', { template: USERS, values: 'x.csv' }, /^Expected a file .*, or --template, got both/],
  ])('are refused: %j, %j', async (file, flags, message) => {
    await expect(openInput(file, flags)).rejects.toThrow(message);
    await expect(openInput(file, flags)).rejects.toMatchObject({ code: 'HYDRA_INVALID_OPTION' });
  });

  it('are refused before any file is opened, as is a template that is none', async () => {
    const open = openInput(undefined, { template: '/users', values: 'no-such-file.csv' });
    await expect(open).rejects.toThrow('Expected at least one name in braces');
  });

  it('leave a file for the caller to close', async () => {
    const input = await openInput(undefined, {
      template: USERS,
      values: fileWith('login\na\nb\n'),
    });
    input.close();
    expect(await input.total()).toBe(2);
  });
});
