import { describe, expect, it } from 'vitest';
import { TakingTurns } from './taking-turns.js';

describe('TakingTurns', () => {
  it('starts a task when the one before it has ended, well or not', async () => {
    const turns = new TakingTurns();
    const steps: string[] = [];
    const task =
      (name: string, fails = false) =>
      async () => {
        steps.push(`${name} starts`);
        await Promise.resolve();
        steps.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      };
    const taken = [turns.take(task('a')), turns.take(task('b', true)), turns.take(task('c'))];
    const ends = await Promise.allSettled(taken);
    expect(ends.map((end) => end.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(steps).toEqual(['a starts', 'a ends', 'b starts', 'b ends', 'c starts', 'c ends']);
  });

  it('who does not wait for its turn loses it, and lets nobody past the first', async () => {
    const turns = new TakingTurns();
    let endFirst: (() => void) | undefined;
    const first = turns.take(() => new Promise<void>((resolve) => (endFirst = resolve)));
    const caller = new AbortController();
    let secondRan = false;
    let thirdRan = false;
    const second = turns.take(() => Promise.resolve((secondRan = true)), caller.signal);
    const third = turns.take(() => Promise.resolve((thirdRan = true)));
    caller.abort();
    await expect(second).rejects.toMatchObject({ code: 'HYDRA_ABORTED' });
    expect(thirdRan).toBe(false);
    endFirst?.();
    await Promise.all([first, third]);
    expect([secondRan, thirdRan]).toEqual([false, true]);
  });
});
