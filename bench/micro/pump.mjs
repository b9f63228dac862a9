import { systemClock } from '../../dist/clock.js';
import { Guard } from '../../dist/limits/guard.js';
import { CircuitBreaker } from '../../dist/scheduling/circuit-breaker.js';
import { Pacer } from '../../dist/scheduling/pacer.js';
import { Pump } from '../../dist/scheduling/pump.js';
import { RequestQueue } from '../../dist/scheduling/request-queue.js';
import { makePool } from './pool.mjs';

/** Requests under way at once. */
const CONCURRENCY = 100;
const APPS_TOGETHER_PER_MS = 1_000_000_000;

/** @returns a function that has so many requests sent by a pump with so many apps; each ends at once. */
export function pumpOf(apps, requests) {
  const queue = new RequestQueue();
  const job = { priority: 0 };
  const sent = [];
  const pump = new Pump({
    clock: systemClock,
    queue,
    pool: makePool(apps, [{ requests: APPS_TOGETHER_PER_MS / apps, perMs: 1 }]),
    pacer: new Pacer(0),
    guard: new Guard(),
    breaker: new CircuitBreaker(() => false),
    maxConcurrency: CONCURRENCY,
    send: (_, slot) => sent.push(slot),
    takeProbe: () => undefined,
    isAlive: () => true,
    isCongested: () => false,
    canSign: () => true,
    onShortage: () => undefined,
    onTaken() {},
    onStandstill() {},
  });
  return async () => {
    for (let i = 0; i < requests; i++) queue.push(job);
    pump.wake();
    await Promise.resolve();
    while (sent.length > 0) {
      for (const slot of sent.splice(0)) pump.done(slot);
      await Promise.resolve();
    }
  };
}
