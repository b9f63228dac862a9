import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../testing/virtual-clock.js';
import { WebGate } from './web-gate.js';

const never = new AbortController().signal;

function setting() {
  const clock = new VirtualClock();
  const finish = new AbortController();
  const holds: number[] = [];
  const gate = new WebGate({
    clock,
    finishing: finish.signal,
    onHold: (holdMs) => holds.push(holdMs),
  });
  /** Lets so many through, and says when each passed. */
  const passed = async (howMany: number): Promise<number[]> => {
    const pass = async () => {
      await gate.pass(never);
      return clock.now();
    };
    return await clock.runUntil(Promise.all(Array.from({ length: howMany }, pass)));
  };
  return { clock, gate, finish, holds, passed };
}

describe('WebGate', () => {
  it('holds nobody up before the first refusal', async () => {
    const { passed } = setting();
    expect(await passed(5)).toEqual([0, 0, 0, 0, 0]);
  });

  it('makes all wait as long as the refusal says, and then one after the other', async () => {
    const { gate, passed } = setting();
    gate.onRefusal(5000);
    expect(await passed(3)).toEqual([5000, 5100, 5200]);
  });

  it('makes all wait 2 s when the refusal says nothing', async () => {
    const { gate, passed } = setting();
    gate.onRefusal(undefined);
    expect(await passed(1)).toEqual([2000]);
  });

  it('slows down once for refusals that come together, and again for a later one', async () => {
    const { gate, passed, holds } = setting();
    gate.onRefusal(1000);
    gate.onRefusal(1000);
    expect(await passed(2)).toEqual([1000, 1100]);
    gate.onRefusal(1000);
    expect(await passed(2)).toEqual([2100, 2250]);
    expect(holds).toEqual([1000, 1000]);
  });

  it('never slows down to more than 2 s between two requests', async () => {
    const { gate, passed } = setting();
    for (let i = 0; i < 20; i++) {
      gate.onRefusal(0);
      await passed(1);
    }
    const [first = 0, second = 0] = await passed(2);
    expect(second - first).toBe(2000);
  });

  it('a caller who aborts does not wait on, and takes nobody else along', async () => {
    const { clock, gate, passed } = setting();
    gate.onRefusal(3_600_000);
    const caller = new AbortController();
    const mine = gate.pass(caller.signal);
    const other = passed(1);
    caller.abort(new Error('enough'));
    await expect(mine).rejects.toThrowError('enough');
    expect(await other).toEqual([3_600_000]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('waits for no refusal to pass once the hydra finishes, but still spaces requests', async () => {
    const { gate, finish, passed, clock } = setting();
    gate.onRefusal(1000);
    expect(await passed(1)).toEqual([1000]);
    finish.abort();
    expect(await passed(1)).toEqual([1100]);
    gate.onRefusal(1000);
    await expect(gate.pass(never)).rejects.toMatchObject({ name: 'AbortError' });
    expect(clock.now()).toBe(1100);
  });
});
