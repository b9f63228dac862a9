import { describe, expect, it } from 'vitest';
import { Guard } from '../limits/guard.js';
import { SlidingWindows } from '../limits/sliding-windows.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import { AppPool } from './app-pool.js';
import { AppSlot } from './app-slot.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { Pacer } from './pacer.js';
import { Pump } from './pump.js';
import { RequestQueue } from './request-queue.js';

interface Job {
  readonly name: string;
  readonly priority: number;
  readonly preferredAppId?: string;
  alive: boolean;
}

const job = (name: string, priority = 0): Job => ({ name, priority, alive: true });

function makePump(settings: { maxConcurrency?: number; perMs?: number; minDelayMs?: number } = {}) {
  const clock = new VirtualClock();
  const queue = new RequestQueue<Job>();
  const pool = new AppPool();
  const sent: { name: string; atMs: number; slot: AppSlot }[] = [];
  const shortages: number[] = [];
  const unable = new Set<AppSlot>();
  const breaker = new CircuitBreaker(() => false);
  const pump = new Pump<Job>({
    clock,
    queue,
    pool,
    pacer: new Pacer(settings.minDelayMs ?? 0),
    guard: new Guard({ initialCapMs: 0, marginMs: 0 }),
    breaker,
    takeProbe: () => {
      const probe = queue.shift();
      if (probe !== undefined) breaker.onProbe(probe);
      return probe;
    },
    maxConcurrency: settings.maxConcurrency ?? 100,
    send: ({ name }, slot) => void sent.push({ name, atMs: clock.now(), slot }),
    isCongested: () => false,
    isAlive: (one) => one.alive,
    canSign: (slot) => !unable.has(slot),
    onShortage: (ready) => void shortages.push(ready),
    onTaken() {},
    onStandstill: () => {},
  });
  const slot = new AppSlot(
    { id: 'a', credentials: {} },
    new SlidingWindows([{ requests: 1, perMs: settings.perMs ?? 1000 }]),
  );
  pool.add(slot);
  const push = (...jobs: Job[]): void => {
    for (const one of jobs) queue.push(one);
    pump.wake();
  };
  return { clock, queue, pool, pump, breaker, sent, shortages, unable, slot, push };
}

describe('Pump', () => {
  it('sends as soon as the app is free, and arms one timer in between', async () => {
    const { clock, sent, push } = makePump();
    push(job('a'), job('b'), job('c'));
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(1);
    await clock.advance(5000);
    expect(sent.map(({ name, atMs }) => [name, atMs])).toEqual([
      ['a', 0],
      ['b', 1000],
      ['c', 2000],
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('sends with the app that a request prefers while that is free, else with another', async () => {
    const { clock, pool, sent, push, unable, slot } = makePump();
    const windows = new SlidingWindows([{ requests: 1, perMs: 1000 }]);
    const other = new AppSlot({ id: 'b', credentials: {} }, windows);
    pool.add(other);
    const preferring = (name: string, id: string): Job => ({ ...job(name), preferredAppId: id });
    push(preferring('a', 'b'), preferring('b', 'b'));
    await clock.advance(999);
    expect(sent.map(({ name, slot: { app } }) => [name, app.id])).toEqual([
      ['a', 'b'],
      ['b', 'a'],
    ]);
    // None is used more often than it may be, and one that is gone is not waited for.
    unable.add(other);
    push(preferring('c', 'b'), preferring('d', 'nobody'));
    await clock.advance(1000);
    expect(sent.slice(2).map(({ name, atMs, slot: one }) => [name, atMs, one === slot])).toEqual([
      ['c', 1000, true],
    ]);
  });

  it('sends nothing before the running code has ended', () => {
    const { sent, push } = makePump();
    push(job('a'));
    expect(sent).toEqual([]);
  });

  it('keeps to maxConcurrency until a request has ended', async () => {
    const { clock, pump, sent, push, slot } = makePump({ maxConcurrency: 2, perMs: 1 });
    push(job('a'), job('b'), job('c'));
    await clock.advance(1000);
    expect([sent.length, pump.inFlight, slot.inFlight]).toEqual([2, 2, 2]);
    pump.done(slot);
    await clock.advance(0);
    expect([sent.length, pump.inFlight]).toEqual([3, 2]);
  });

  it('passes over requests that have ended while they waited, and spends nothing on them', async () => {
    const { clock, sent, push, slot } = makePump();
    const dead = job('dead');
    push(dead, job('alive'));
    dead.alive = false;
    await clock.advance(0);
    expect(sent.map(({ name }) => name)).toEqual(['alive']);
    expect(slot.windows.recent(0)).toHaveLength(1);
  });

  it('tells of a shortage when requests are ready and no app is free', async () => {
    const { clock, shortages, push } = makePump();
    push(job('a'), job('b'), job('c'));
    await clock.advance(0);
    expect(shortages).toEqual([2]);
  });

  it('asks for another app when one has nothing to sign with', async () => {
    const { clock, sent, push, slot, unable, pool, pump } = makePump();
    unable.add(slot);
    push(job('a'));
    await clock.advance(10_000);
    expect(sent).toEqual([]);
    unable.delete(slot);
    pool.putBack(slot);
    pump.wake();
    await clock.advance(0);
    expect(sent).toHaveLength(1);
  });

  it('wakes up for a delayed request while apps are free', async () => {
    const { clock, queue, pump, sent } = makePump();
    queue.pushDelayed(job('late'), 700);
    pump.wake();
    await clock.advance(10_000);
    expect(sent.map(({ atMs }) => atMs)).toEqual([700]);
  });

  it('sends one probe at a time while the breaker is open, and all once it is closed', async () => {
    const { clock, pump, breaker, sent, push, slot } = makePump({ perMs: 1 });
    for (let i = 0; i < 5; i++) breaker.onEnd({}, 'fails', -1000, 0);
    const jobs = [job('a'), job('b'), job('c')];
    push(...jobs);
    await clock.advance(60_000);
    expect(sent.map(({ name, atMs }) => [name, atMs])).toEqual([['a', 1000]]);
    breaker.onEnd(jobs[0] as Job, 'fails', 1000, clock.now());
    pump.done(slot);
    await clock.advance(60_000);
    expect(sent.map(({ name, atMs }) => [name, atMs])).toEqual([
      ['a', 1000],
      ['b', 62_000],
    ]);
    breaker.onEnd(jobs[1] as Job, 'works', 62_000, clock.now());
    pump.done(slot);
    await clock.advance(0);
    expect(sent.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('asks for one app only while it looks for one to send a probe with', async () => {
    const { clock, breaker, shortages, push, slot } = makePump();
    slot.canSign = false;
    for (let i = 0; i < 5; i++) breaker.onEnd({}, 'fails', -1000, 0);
    push(job('a'), job('b'), job('c'));
    await clock.advance(5000);
    expect(shortages).toEqual([1]);
  });

  it('says until when it stands still, as long as it does', async () => {
    const { clock, pump, push, slot } = makePump();
    push(job('a'), job('b'));
    await clock.advance(100);
    expect(pump.standstillUntilMs).toBeUndefined();
    pump.done(slot);
    await clock.advance(0);
    expect(pump.standstillUntilMs).toBe(1000);
    await clock.advance(1000);
    expect(pump.standstillUntilMs).toBeUndefined();
  });

  it('sends nothing and holds no timer once it is stopped', async () => {
    const { clock, pump, sent, push } = makePump();
    push(job('a'), job('b'));
    await clock.advance(0);
    pump.stop();
    push(job('c'));
    await clock.advance(10_000);
    expect(sent).toHaveLength(1);
    expect(clock.pendingTimers).toBe(0);
  });
});
