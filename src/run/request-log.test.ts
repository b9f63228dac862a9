import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describeRequest, identityOf } from './request-identity.js';
import { RequestLog } from './request-log.js';
import type { RunRequest } from './run.js';

function file(): string {
  const folder = fs.mkdtempSync(path.join(tmpdir(), 'apihydra-log-'));
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  return path.join(folder, 'requests.log');
}

function filled(name: string, count: number): void {
  const log = new RequestLog(name);
  for (let position = 0; position < count; position++) log.check(position, `/${position}`);
  log.flush();
  log.close();
}

describe('a request log', () => {
  it('knows each request again, and tells any other at its position', () => {
    const name = file();
    // More than are held at once.
    filled(name, 70_000);
    expect(fs.statSync(name).size).toBe(280_000);
    const log = new RequestLog(name);
    expect(log.length).toBe(70_000);
    const wrong: number[] = [];
    for (let position = 0; position < 70_000; position++)
      if (!log.check(position, `/${position}`)) wrong.push(position);
    expect(wrong).toEqual([]);
    for (const position of [69_999, 0, 65_536, 65_535]) {
      expect(log.check(position, `/${position}`)).toBe(true);
      expect(log.check(position, `/other/${position}`)).toBe(false);
    }
    log.close();
  });

  it('compares what is not written yet, too, and goes on behind what it knows', () => {
    const name = file();
    filled(name, 3);
    const log = new RequestLog(name);
    expect([log.check(3, '/a'), log.check(4, '/b')]).toEqual([true, true]);
    expect([log.check(3, '/a'), log.check(3, '/b')]).toEqual([true, false]);
    expect([log.length, fs.statSync(name).size]).toEqual([5, 12]);
    log.flush();
    log.flush();
    expect([log.length, fs.statSync(name).size]).toEqual([5, 20]);
    expect([log.check(4, '/b'), log.check(4, '/a')]).toEqual([true, false]);
    log.close();
  });

  it('writes an entry again that was cut, and takes any request where it holds nothing', () => {
    const name = file();
    filled(name, 3);
    fs.truncateSync(name, 10);
    const log = new RequestLog(name);
    expect(log.length).toBe(2);
    expect(log.check(2, '/anything')).toBe(true);
    log.flush();
    log.close();
    fs.truncateSync(name, 20);
    const holes = new RequestLog(name);
    expect(holes.length).toBe(5);
    expect([holes.check(3, '/a'), holes.check(2, '/other')]).toEqual([true, false]);
    holes.close();
  });

  it('says when so much waits that it should be written', () => {
    const log = new RequestLog(file());
    for (let position = 0; position < 65_535; position++) log.check(position, '/');
    expect(log.isLong).toBe(false);
    log.check(65_535, '/');
    expect(log.isLong).toBe(true);
    log.flush();
    expect(log.isLong).toBe(false);
    log.close();
  });
});

describe('the identity of a request', () => {
  it('is the same for a path and a request of it, and for bytes of any kind', () => {
    expect(identityOf({ path: '/x' })).toBe(identityOf('/x'));
    expect(identityOf({ path: '/x', query: {}, priority: 3 })).not.toBe('');
    expect(identityOf({ path: '/x', body: Buffer.from('ab') })).toBe(
      identityOf({ path: '/x', body: Uint8Array.of(97, 98) }),
    );
  });

  it('differs wherever what is asked for differs', () => {
    const requests: (RunRequest | string)[] = [
      '/a',
      '/b',
      '/a?x=1',
      { path: '/a', method: 'POST' },
      { path: '/a', query: { x: 1 } },
      { path: '/a', query: { x: 2 } },
      { path: '/a', headers: { x: '1' } },
      { path: '/a', key: '1' },
      { path: '/a', json: null },
      { path: '/a', json: { x: 1 } },
      { path: '/a', json: '1' },
      { path: '/a', body: '1' },
      { path: '/a', body: Uint8Array.of(1) },
    ];
    expect(new Set(requests.map(identityOf)).size).toBe(requests.length);
  });

  it('is told to people without the values of headers and bodies, nor passwords in URLs', () => {
    const secret = 'hunter2';
    const told = describeRequest({
      path: `https://me:${secret}@api.example/x`,
      method: 'PUT',
      query: { page: 2 },
      headers: { authorization: secret },
      json: { secret },
      key: 'k',
    });
    expect(told).toBe(
      'PUT https://api.example/x with query {"page":2} and key "k" (string) and headers authorization and a body',
    );
  });
});
