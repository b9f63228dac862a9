// Answers every request at once with JSON of 4 KB, in a process of its own.
import { createServer } from 'node:http';
import { task } from './process.mjs';

task();
const BYTES = 4096;
const users = Array.from({ length: 40 }, (_, id) => ({ id, login: `user${id}`, points: id * 1.5 }));
const filled = JSON.stringify({ users, filler: '' });
const body = Buffer.from(
  JSON.stringify({ users, filler: 'x'.repeat(BYTES - Buffer.byteLength(filled)) }),
);
const headers = { 'content-type': 'application/json', 'content-length': body.byteLength };

const server = createServer((_, response) => response.writeHead(200, headers).end(body));
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
