// A server that limits each app, in a process of its own, and the judge of what it received. It is told
// a setting, waits for somebody to come, and reports once the seconds that count are over.
import { createServer } from 'node:http';
import { createLimiter } from '../../dist/testing/limiter.js';
import { task } from '../shared/process.mjs';
import { acceptedRate, secondsUntilJudged } from './accepted-rate.mjs';

task();
const WORK_MS = 30;
const body = JSON.stringify({ id: 1, login: 'norminet', level: 4.2 });
const accept = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
let round;

const server = createServer((request, response) => {
  const current = round;
  const { latencyMs, jitterMs } = current.setting;
  setTimeout(() => limit(current, request, response), latencyMs + Math.random() * jitterMs);
});

function limit(current, request, response) {
  const { setting, limiters, arrivals } = current;
  const app = request.headers.authorization;
  let limiter = limiters.get(app);
  if (limiter === undefined) {
    limiter = createLimiter(setting.limiter, setting.requests, 1000);
    limiters.set(app, limiter);
  }
  const atMs = performance.now();
  const freeInMs = limiter.freeInMs(atMs);
  const accepted = freeInMs === 0;
  if (arrivals.length === 0)
    setTimeout(report, secondsUntilJudged(setting.seconds) * 1000, current);
  arrivals.push({ atMs, accepted });
  if (!accepted) return refuse(response, freeInMs);
  limiter.admit(atMs);
  setTimeout(() => response.writeHead(200, accept).end(body), WORK_MS);
}

function refuse(response, freeInMs) {
  response.writeHead(429, { 'retry-after': Math.max(1, Math.ceil(freeInMs / 1000)) }).end();
}

function report({ setting, arrivals }) {
  const { seconds, apps, requests } = setting;
  process.send(acceptedRate(arrivals, seconds, apps * requests));
}

process.on('message', (setting) => {
  round = { setting, limiters: new Map(), arrivals: [] };
  process.send('ready');
});
server.listen(0, '127.0.0.1', 4096, () => process.send(server.address().port));
