import { execFileSync } from 'node:child_process';
import type { WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openInput } from '../../../src/cli/input/input.js';
import { folder, readFile, readText } from './input-files.js';

const withMark = (encoding: 'utf-16le' | 'utf-16be', text: string): Buffer => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return encoding === 'utf-16le' ? bytes : bytes.swap16();
};

describe('a file of requests', () => {
  it('holds paths and JSON requests, blank lines and comments', async () => {
    const { requests, error } = await readText(
      [
        '# users',
        '/users/anna',
        '',
        '  /users/bob?page=2 \t',
        '{"path": "/users/carl", "method": "PATCH", "json": {"level": 3}, "key": "carl"}',
        '   ',
        ' {"path":"https://api.example.com/v2/me","query":{"a":[1,"b"]},"priority":2}',
        'https://api.example.com/v2/x y#z',
      ].join('\n'),
    );
    expect(error).toBeUndefined();
    expect(requests).toEqual([
      '/users/anna',
      '/users/bob?page=2',
      { path: '/users/carl', method: 'PATCH', json: { level: 3 }, key: 'carl' },
      { path: 'https://api.example.com/v2/me', query: { a: [1, 'b'] }, priority: 2 },
      'https://api.example.com/v2/x y#z',
    ]);
  });

  it.each([
    ['LF at the end', '/ä\n/b\n'],
    ['no LF at the end', '/ä\n/b'],
    ['CRLF', '/ä\r\n/b\r\n'],
    ['a byte order mark', '\ufeff/ä\n/b\n'],
    ['a byte order mark and CRLF', '\ufeff/ä\r\n\r\n/b'],
    ['UTF-16, little-endian', withMark('utf-16le', '/ä\r\n/b\r\n')],
    ['UTF-16, big-endian', withMark('utf-16be', '/ä\n/b')],
  ])('is the same with %s', async (_, content) => {
    expect(await readText(content)).toEqual({ requests: ['/ä', '/b'], error: undefined });
  });

  it('may be as short as one path of one character', async () => {
    expect((await readText('/')).requests).toEqual(['/']);
    expect((await readText(withMark('utf-16le', '/'))).requests).toEqual(['/']);
  });

  it('has lines of up to 16 MiB, which go over many chunks', async () => {
    const long = `/${'x'.repeat(16 * 1024 * 1024 - 1)}`;
    const { requests, error } = await readText(`/a\n${long}\n/b\n`);
    expect(error).toBeUndefined();
    expect(requests.map((request) => (request as string).length)).toEqual([2, long.length, 2]);
  });
});

describe('a file that cannot be read', () => {
  it('is missing', async () => {
    const file = path.join(folder(), 'none.txt');
    const { error } = await readFile(file);
    expect(error?.message).toBe(`${file}: Expected a file that can be read, but there is none.`);
    expect(error).toMatchObject({ code: 'HYDRA_INPUT_FILE', facts: { file } });
  });

  it('is a folder', async () => {
    const { error } = await readFile(folder());
    expect(error?.message).toMatch(/Expected a file, got a folder\.$/);
  });

  it.each([
    ['empty', ''],
    ['only a byte order mark', '\ufeff'],
    ['only half a byte order mark, and so no UTF-8', Buffer.from([0xef])],
    ['blank', ' \r\n\n\t\n'],
    ['comments only', '# a\n#b'],
    ['empty UTF-16', withMark('utf-16le', '')],
  ])('is %s', async (_, content) => {
    const { error, requests } = await readText(content);
    expect(requests).toEqual([]);
    expect(error?.code).toBe('HYDRA_INPUT_FILE');
    expect(error?.message).toMatch(/Expected (at least one request, got none|UTF-8, got other)/);
  });
});

describe('a broken line', () => {
  it.each([
    [
      'no path',
      'users',
      'Expected a path that begins with one "/", or an http(s) URL, got "users"',
    ],
    ['two slashes', '//host/x', 'begins with one "/"'],
    ['another protocol', 'ftp://me:hunter2@host', 'got "ftp://" (string)'],
    ['a control character', '/a\tb', 'without control characters'],
    ['CR alone between lines', '/a\r/b', 'lines end in LF or CRLF'],
    ['cut JSON', '{"path": "/a", "headers": {"x": "hunter2"', 'no JSON, or is cut short'],
    ['two JSON objects', '{"path": "/a"}{"path": "/b"}', 'no JSON'],
    ['a NUL byte', '/a\0b', 'got a NUL byte'],
    ['UTF-16 without a mark', Buffer.from('/a', 'utf16le'), 'UTF-16 without a byte order mark'],
    [
      'Latin-1',
      Buffer.from('/\xe4', 'latin1'),
      'Expected UTF-8, got other bytes: it may be Latin-1',
    ],
    ['a character cut short', Buffer.from([0x2f, 0xe2, 0x82]), 'Expected UTF-8'],
  ])('is told with its number: %s', async (_, line, message) => {
    const content = Buffer.concat([
      Buffer.from('/first\n\n# ä\r\n'),
      Buffer.from(line),
      Buffer.from('\n/last\n'),
    ]);
    const { error } = await readText(content);
    expect(error?.message).toContain(', line 4: ');
    expect(error?.message).toContain(message);
    expect(error).toMatchObject({ code: 'HYDRA_INPUT_FILE', facts: { line: 4 } });
    expect(error?.message).not.toContain('hunter2');
  });

  it('is told only after the requests before it', async () => {
    const before = Array.from({ length: 30_000 }, (_, index) => `/users/${index}`);
    const { requests, error } = await readText(`${before.join('\n')}\nbroken\n`);
    expect(requests).toEqual(before);
    expect(error?.facts.line).toBe(30_001);
  });

  it('is one of more than 16 MiB, however long it goes on', async () => {
    const { error } = await readText(`/a\n/${'x'.repeat(16 * 1024 * 1024)}\n`);
    expect(error?.message).toMatch(/line 2: Expected lines of at most 16 MiB, got a longer one\.$/);
    const endless = await readText(Buffer.alloc(17 * 1024 * 1024, 'x'));
    expect(endless.error?.facts.line).toBe(1);
  });

  it('is in UTF-16 that breaks off within a character', async () => {
    const text = withMark('utf-16le', '/a\n/b\n/c');
    const { error } = await readText(text.subarray(0, -1));
    expect(error?.message).toContain('line 3: Expected UTF-16LE, as its byte order mark says');
  });

  it('is one that has the key of another', async () => {
    const { requests, error } = await readText(
      '{"path":"/a","key":"x"}\n{"path":"/b","key":"y"}\n{"path":"/c"}\n{"path":"/d","key":"x"}\n',
    );
    expect(requests).toHaveLength(3);
    expect(error?.message).toMatch(/line 4: Expected each `key` once, got "x" again\.$/);
  });

  it('may repeat a path: that is asked twice', async () => {
    expect((await readText('/a\n/a\n')).requests).toEqual(['/a', '/a']);
  });
});

describe('stdin and pipes', () => {
  it('are read once, as they come, and their total is not known', async () => {
    const pipe = path.join(folder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const writer = openForWriting(pipe);
    const opened = openInput(pipe, {});
    const stream = await writer;
    stream.write('/a\n');
    const input = await opened;
    expect(await input.total()).toBeUndefined();
    const iterator = input.requests[Symbol.asyncIterator]();
    expect(await iterator.next()).toEqual({ done: false, value: '/a' });
    const second = iterator.next();
    stream.write('/b\n/c');
    expect(await second).toEqual({ done: false, value: '/b' });
    const broken = iterator.next();
    input.close();
    await expect(broken).rejects.toThrow('but it was closed before');
    stream.destroy();
  });
});

/** Opens a pipe once it is opened for reading too. */
async function openForWriting(pipe: string): Promise<WriteStream> {
  const handle = await open(pipe, 'w');
  const stream = handle.createWriteStream();
  stream.on('error', () => {});
  return stream;
}
