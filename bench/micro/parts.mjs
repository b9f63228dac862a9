/** Which parts are measured, by name. One step is too short to be timed: each does `STEPS` of them. */
import { SlidingWindows } from '../../dist/limits/sliding-windows.js';
import { BinaryHeap } from '../../dist/scheduling/binary-heap.js';
import { RequestQueue } from '../../dist/scheduling/request-queue.js';
import { makePool } from './pool.mjs';
import { pumpOf } from './pump.mjs';

export const STEPS = 1000;

const limits = [
  { requests: 8, perMs: 1000 },
  { requests: 1200, perMs: 3_600_000 },
];

export const parts = Object.entries({
  'windows: note a request, find the next free time': steps(windows()),
  'heap of 10: take the first, put it back later': steps(heap(10)),
  'heap of 10,000: take the first, put it back later': steps(heap(10_000)),
  'queue, 1,000 waiting: add one, take one': steps(queue(1000)),
  'queue, 1,000,000 waiting: add one, take one': steps(queue(1_000_000)),
  'pool of 10 apps: take one, put it back': steps(pool(10)),
  'pool of 10,000 apps: take one, put it back': steps(pool(10_000)),
  'pump, 10 apps: send a request, end it': pumpOf(10, STEPS),
  'pump, 10,000 apps: send a request, end it': pumpOf(10_000, STEPS),
});

function steps(step) {
  return () => {
    for (let i = 0; i < STEPS; i++) step();
  };
}

function windows() {
  const one = new SlidingWindows(limits);
  let nowMs = 0;
  return () => {
    nowMs = Math.max(nowMs, one.nextFreeAt());
    one.record(nowMs);
  };
}

function heap(size) {
  const items = new BinaryHeap((a, b) => a.atMs < b.atMs);
  for (let i = 0; i < size; i++) items.push({ atMs: scattered(i, size) });
  return () => {
    const first = items.pop();
    first.atMs += size;
    items.push(first);
  };
}

function queue(size) {
  const all = new RequestQueue();
  const job = { priority: 0 };
  for (let i = 0; i < size; i++) all.push(job);
  return () => {
    all.push(job);
    all.shift();
  };
}

/** Time goes on where no app is free. */
function pool(apps) {
  const all = makePool(apps, limits);
  let nowMs = 0;
  return () => {
    let slot = all.take(nowMs);
    if (slot === undefined) {
      nowMs = all.nextFreeAt();
      slot = all.take(nowMs);
    }
    slot.windows.record(nowMs);
    all.putBack(slot);
  };
}

/** Numbers below `size` in an order without order, the same every time. */
function scattered(index, size) {
  return (index * 7919) % size;
}
