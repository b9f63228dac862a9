import { describe, expect, it } from 'vitest';
import { VirtualClock, VirtualTimer } from './virtual-clock.js';

describe('VirtualClock', () => {
  it('calls timers in the order of their times, and of setting them', async () => {
    const clock = new VirtualClock();
    const called: string[] = [];
    const set = (name: string, delayMs: number) =>
      clock.setTimer(() => called.push(`${name} ${clock.now()}`), delayMs);
    set('late', 20);
    set('first', 10);
    set('second', 10);
    set('cancelled', 5).cancel();
    set('never', 21);
    await clock.advance(20);
    expect(called).toEqual(['first 10', 'second 10', 'late 20']);
    expect(clock.pendingTimers).toBe(1);
  });

  it('calls what is to come soon before anything that was promised earlier goes on by a timer', async () => {
    const clock = new VirtualClock();
    const called: string[] = [];
    clock.setTimer(() => called.push('timer'), 0);
    clock.soon(() => called.push('soon'));
    await clock.advance(0);
    expect(called).toEqual(['soon', 'timer']);
  });

  it("calls a timer of one's own when its time comes, unless that was cancelled, and holds it once", () => {
    const clock = new VirtualClock();
    class Bell extends VirtualTimer {
      rings = 0;
      override fire(): void {
        this.rings += 1;
      }
    }
    const bell = new Bell();
    clock.start(bell, 10);
    expect(() => clock.start(bell, 20)).toThrow(/does not hold already/);
    expect([clock.step(), bell.rings, clock.now()]).toEqual([true, 1, 10]);
    clock.start(bell, 10);
    bell.cancel();
    expect(() => clock.start(bell, 5)).toThrow(/does not hold already/);
    expect([clock.pendingTimers, clock.step(), bell.rings]).toEqual([0, false, 1]);
    clock.start(bell, 5);
    expect([clock.step(), bell.rings, clock.now()]).toEqual([true, 2, 15]);
  });

  it('steps from timer to timer at once, with all that is to come soon after each', () => {
    const clock = new VirtualClock();
    const called: string[] = [];
    clock.soon(() => called.push('before'));
    clock.setTimer(() => {
      called.push('timer');
      clock.soon(() => {
        called.push('soon');
        clock.soon(() => called.push('soon after'));
      });
    }, 10);
    clock.setTimer(() => called.push('next'), 20);
    expect(clock.step(15)).toBe(true);
    expect(called).toEqual(['before', 'timer', 'soon', 'soon after']);
    expect([clock.step(15), clock.now()]).toEqual([false, 10]);
    expect([clock.step(), clock.now(), clock.step()]).toEqual([true, 20, false]);
  });
});
