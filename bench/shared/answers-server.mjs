// Answers every request at once with JSON of so many bytes (4 KB), in a process of its own.
import { createServer } from 'node:http';
import { task } from './process.mjs';

const { bytes = 4096 } = task();
const users = Array.from({ length: Math.floor(bytes / 100) }, (_, id) => ({
  id,
  login: `user${id}`,
  points: id * 1.5,
}));
const filled = JSON.stringify({ users, filler: '' });
const body = Buffer.from(
  JSON.stringify({ users, filler: 'x'.repeat(bytes - Buffer.byteLength(filled)) }),
);
const headers = { 'content-type': 'application/json', 'content-length': body.byteLength };

const server = createServer((_, response) => response.writeHead(200, headers).end(body));
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
