import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.js';
import { persist } from './persist.js';

class Permanent extends Error {}

function setting(failures: number, error: Error = new Error('down'), signal?: AbortSignal) {
  const clock = new VirtualClock();
  const triedAt: number[] = [];
  const told: unknown[] = [];
  const result = persist(
    async () => {
      triedAt.push(clock.now());
      if (triedAt.length <= failures) throw error;
      return 'done';
    },
    {
      clock,
      everyMs: 2000,
      isPermanent: (thrown) => thrown instanceof Permanent,
      onFailure: (thrown) => told.push(thrown),
      ...(signal === undefined ? {} : { signal }),
    },
  );
  return { clock, triedAt, told, result };
}

describe('persist', () => {
  it('tries every 2 s until it succeeds, and tells of each failure', async () => {
    const { clock, triedAt, told, result } = setting(3);
    expect(await clock.runUntil(result)).toBe('done');
    expect(triedAt).toEqual([0, 2000, 4000, 6000]);
    expect(told).toHaveLength(3);
  });

  it('throws a permanent error at once and tells nobody', async () => {
    const { triedAt, told, result } = setting(1, new Permanent('wrong password'));
    await expect(result).rejects.toThrow('wrong password');
    expect(triedAt).toEqual([0]);
    expect(told).toEqual([]);
  });

  it('throws the last error when it is aborted in a pause, and leaves no timer', async () => {
    const abort = new AbortController();
    const { clock, triedAt, result } = setting(99, new Error('down'), abort.signal);
    const ended = result.catch((error: unknown) => String(error));
    await clock.advance(3000);
    abort.abort();
    expect(await ended).toBe('Error: down');
    expect(triedAt).toEqual([0, 2000]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('still makes one try when it was aborted before', async () => {
    const { triedAt, result } = setting(0, new Error('down'), AbortSignal.abort());
    expect(await result).toBe('done');
    expect(triedAt).toEqual([0]);
  });
});
