import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { listenHttp2, listenHttps, type Listening } from './http-world.js';

const run = promisify(execFile);
const child = fileURLToPath(new URL('./threads-child.mjs', import.meta.url));
const certificateFile = fileURLToPath(new URL('./certificate/certificate.pem', import.meta.url));

const COUNT = 30;
const paths = Array.from({ length: COUNT }, (_, id) => `/${id}`);
const answer = (path: string): Buffer =>
  gzipSync(JSON.stringify({ path, filler: 'x'.repeat(50_000) }));
const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };

/** What a process of its own gets from a server; fails when it does not end by itself. */
async function ask(server: Listening, options: { http2: boolean; finishes: boolean }) {
  const given = JSON.stringify({ origin: server.origin, count: COUNT, ...options });
  const { stdout } = await run(process.execPath, [child, given], {
    env: { ...process.env, NODE_EXTRA_CA_CERTS: certificateFile },
    timeout: 30_000,
  });
  return JSON.parse(stdout) as unknown;
}

it.each([
  ['once the hydra is finished', true],
  ['also where the hydra is left alone', false],
])('a process with threads ends by itself, %s', async (_when, finishes) => {
  const server = await listenHttps((incoming, response) => {
    response.writeHead(200, headers).end(answer(incoming.url ?? ''));
  });
  expect(await ask(server, { http2: false, finishes })).toEqual(paths);
});

it('a process with threads speaks HTTP/2 where that is asked for', async () => {
  const server = await listenHttp2((http2) => {
    http2.on('stream', (stream, { ':path': path = '' }) => {
      stream.respond({ ':status': 200, ...headers });
      stream.end(answer(path));
    });
  });
  expect(await ask(server, { http2: true, finishes: false })).toEqual(paths);
  expect(server.connections).toBeLessThanOrEqual(2);
});
