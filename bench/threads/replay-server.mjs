// Answers with 50 KB of JSON, compressed by gzip once and for all, over TLS. HTTP/1.1 is not parsed but
// replayed: each end of a head is answered with the same bytes, so that the server costs little.
import { readFileSync } from 'node:fs';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { task } from '../shared/process.mjs';

const { http2, certificateFolder } = task();
const read = (name) => readFileSync(`${certificateFolder}/${name}`);
const tls = { key: read('key.pem'), cert: read('certificate.pem') };

const users = Array.from({ length: 312 }, (_, id) => ({
  id,
  login: `user${id}`,
  points: Math.sin(id) * 1000,
  url: `https://api.example.com/v2/users/user${id}`,
  createdAt: new Date(1e12 + id * 79_190_000).toISOString(),
  tags: [`a${id % 7}`, `b${id % 13}`],
}));
const body = gzipSync(JSON.stringify(users));
const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
const head = Object.entries({ ...headers, 'content-length': body.byteLength });
const answer = Buffer.concat([
  Buffer.from(`HTTP/1.1 200 OK\r\n${head.map((pair) => `${pair.join(': ')}\r\n`).join('')}\r\n`),
  body,
]);
const HEAD_END = Buffer.from('\r\n\r\n');

function replay(socket) {
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    // Requests have no body, and a head comes whole: its end is at the end of a chunk.
    for (let at = chunk.indexOf(HEAD_END); at >= 0; at = chunk.indexOf(HEAD_END, at + 4)) {
      socket.write(answer);
    }
  });
}

function serveHttp2() {
  const server = createSecureServer(tls);
  server.on('stream', (stream) => {
    stream.on('error', () => {});
    stream.respond({ ':status': 200, ...headers });
    stream.end(body);
  });
  return server;
}

const server = http2 ? serveHttp2() : createServer({ ...tls, ALPNProtocols: ['http/1.1'] }, replay);
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
