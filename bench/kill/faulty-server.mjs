// A server with faults, in a process of its own. It notes when each request came and when an answer was
// sent to its last byte; asked by a message, it writes its notes to a file.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../dist/random.js';
import { task } from '../shared/process.mjs';
import { bodyOf, mustFail } from './expected.mjs';

const { seed } = task();
const random = seededRandom(seed);
/** One line each: what, the request's number, the round, the time. */
const notes = [];
/** So often a request meets a fault at most, so that each is answered at last. */
const MOST_FAULTS = 3;
const faultsMet = new Map();

const note = (what, id, round) => notes.push(`${what} ${id} ${round} ${Date.now()}`);

/** Each fault with the share of requests that meet it. */
const faults = [
  [0.03, (response) => response.writeHead(500).end('no')],
  [0.001, (response) => response.writeHead(503, { 'retry-after': '0' }).end()],
  [0.02, (response) => response.socket.resetAndDestroy()],
  [0.02, cutInTheMiddle],
  [0.0005, () => undefined],
];

function pickFault(id) {
  const met = faultsMet.get(id) ?? 0;
  if (met === MOST_FAULTS) return undefined;
  let left = random();
  for (const [share, fault] of faults) {
    left -= share;
    if (left >= 0) continue;
    faultsMet.set(id, met + 1);
    return fault;
  }
  return undefined;
}

function cutInTheMiddle(response, body) {
  response.writeHead(200, headersOf(body));
  response.write(body.slice(0, body.length / 2), () => response.destroy());
}

function headersOf(body) {
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
}

/** Most answers come at once, some late, some stall in the middle. */
async function answer(response, body) {
  const kind = random();
  if (kind < 0.05) await sleep(random() * 200);
  response.writeHead(200, headersOf(body));
  if (kind > 0.99) {
    response.write(body.slice(0, body.length / 3));
    await sleep(random() * 200);
    response.end(body.slice(body.length / 3));
  } else response.end(body);
}

const server = createServer((request, response) => {
  const id = Number(request.url.slice('/items/'.length));
  const round = request.headers['x-round'];
  note('came', id, round);
  const body = bodyOf(id);
  const fault = pickFault(id);
  if (fault !== undefined) {
    fault(response, body);
    return;
  }
  response.on('finish', () => note('sent', id, round));
  if (mustFail(id)) response.writeHead(410).end('gone');
  else void answer(response, body);
});

process.on('message', (file) => {
  writeFileSync(file, `${notes.join('\n')}\n`);
  process.send('written');
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
