// CPU-bound work (TLS, gzip, JSON of 50 KB) with HTTP in this thread, in one and in two of its own; and
// HTTP/1.1 next to HTTP/2. Linux only: it reads what each thread spent.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { numbersFromArguments } from './shared/arguments.mjs';
import { median } from './shared/median.mjs';
import { message, start, stop } from './shared/process.mjs';
import { spentSince, threadTimes } from './threads/thread-times.mjs';

const LEAST_GAIN = 1.6;
const MOST_DELAY_MS = 20;
const { rounds, seconds, concurrency } = numbersFromArguments({
  rounds: 3,
  seconds: 3,
  concurrency: 100,
});
const here = (name) => new URL(name, import.meta.url);
const certificateFolder = fileURLToPath(here('../test/transport/certificate'));
process.env.NODE_EXTRA_CA_CERTS = `${certificateFolder}/certificate.pem`;

const ways = [
  { name: 'HTTP/1.1, threads 0', threads: 0, http2: false },
  { name: 'HTTP/1.1, threads 1', threads: 1, http2: false },
  { name: 'HTTP/1.1, threads 2', threads: 2, http2: false },
  { name: 'HTTP/2, threads 0', threads: 0, http2: true },
  { name: 'HTTP/2, threads 1', threads: 1, http2: true },
];
const servers = new Map();
for (const http2 of [false, true]) {
  const child = start(here('./threads/replay-server.mjs'), { http2, certificateFolder });
  servers.set(http2, { process: child, port: await message(child) });
}

async function measure({ threads, http2 }) {
  const server = servers.get(http2);
  const client = start(here('./threads/spend.mjs'), {
    port: server.port,
    threads,
    http2,
    seconds,
    concurrency,
  });
  const before = threadTimes(server.process.pid);
  const result = await message(client);
  const { main, others } = spentSince(before, server.process.pid);
  await stop(client);
  return { ...result, serverMs: main + others.reduce((sum, ms) => sum + ms, 0) };
}

const results = new Map(ways.map(({ name }) => [name, []]));
for (let round = 0; round < rounds; round++) {
  for (const way of ways) results.get(way.name).push(await measure(way));
}
for (const { process: child } of servers.values()) await stop(child);

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const micros = (ms, { requests }) => (ms / requests) * 1000;
const figures = {
  rate: ({ requests, wallMs }) => (requests / wallMs) * 1000,
  main: (result) => micros(result.mainMs, result),
  carriers: (result) => micros(sum(result.carrierMs), result),
  rest: (result) => micros(result.restMs, result),
  server: ({ serverMs, requestsInAll }) => (serverMs / requestsInAll) * 1000,
  busy: ({ carrierMs, wallMs }) => (sum(carrierMs) / wallMs) * 100,
  p50: ({ delayMs }) => delayMs.p50,
  p99: ({ delayMs }) => delayMs.p99,
  max: ({ delayMs }) => delayMs.max,
};
const of = (name, figure) => median(results.get(name).map(figures[figure]));

console.log(
  '                     answers   CPU a request, µs                        carriers  event loop delay, ms',
);
console.log(
  '                    a second   main  carriers  rest of them  server         busy   p50    p99    max',
);
for (const { name } of ways) {
  const column = (figure, width, digits = 0) => of(name, figure).toFixed(digits).padStart(width);
  console.log(
    `${name.padEnd(20)}${column('rate', 8)}${column('main', 7)}${column('carriers', 10)}${column('rest', 14)}${column('server', 8)}` +
      `${column('busy', 12)}%${column('p50', 6, 1)}${column('p99', 7, 1)}${column('max', 7, 1)}`,
  );
}

const [one, two] = ['HTTP/1.1, threads 1', 'HTTP/1.1, threads 2'];
/** The median of what each round says of two ways. */
const compared = (compare) =>
  median(results.get(one).map((result, round) => compare(result, results.get(two)[round])));
const measured = compared((of1, of2) => figures.rate(of2) / figures.rate(of1));
const gain = compared((of1, of2) => (2 * figures.carriers(of1)) / figures.carriers(of2));
const all = of(two, 'main') + of(two, 'carriers') + of(two, 'rest') + of(two, 'server');
const most = (availableParallelism() * 1e6) / all;
const delay = Math.max(of(one, 'p99'), of(two, 'p99'));
console.log(`two threads next to one: ${measured.toFixed(2)} times as many answers; all cores together, the server's
  work included, could not do more than ${most.toFixed(0)} a second, ${(most / of(one, 'rate')).toFixed(2)} times`);
console.log(
  `by the CPU that carriers spend on an answer, each with a core of its own: ${gain.toFixed(2)} times (target: ${LEAST_GAIN})`,
);
console.log(`event loop delay, p99: ${delay.toFixed(1)} ms (target: below ${MOST_DELAY_MS})`);
process.exitCode = gain >= LEAST_GAIN && delay < MOST_DELAY_MS ? 0 : 1;
