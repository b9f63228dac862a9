// How long the simulator takes for 10,000,000 requests with 10,000 apps of two requests a second.
import { scenario } from '../dist/simulation/scenario.js';
import { simulateJob } from '../dist/simulation/simulate-job.js';
import { numbersFromArguments } from './shared/arguments.mjs';

const MOST_SECONDS = 60;
const { apps, requests } = numbersFromArguments({ apps: 10_000, requests: 10_000_000 });

const groups = [{ apps, limits: [{ requests: 2, perMs: 1000 }] }];
const job = scenario({ requests, groups }, { client: { minRequestDelayMs: 0 } });
const beganMs = performance.now();
const { succeeded, refused, durationMs, leastMs } = await simulateJob(job);
const seconds = (performance.now() - beganMs) / 1000;

const each = ((seconds * 1e6) / requests).toFixed(2);
console.log(`${requests} requests, ${apps} apps: ${seconds.toFixed(1)} s, ${each} µs a request`);
console.log(`target: at most ${MOST_SECONDS} s for the default job`);
console.log(
  `simulated: ${(durationMs / 1000).toFixed(1)} s, ${(durationMs / leastMs).toFixed(3)} of the least, ${refused} refused`,
);
if (seconds > MOST_SECONDS || succeeded !== requests || refused > 0) process.exitCode = 1;
