import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { ComingBody } from '../transport/transport.js';
import { OpenBodies } from './open-bodies.js';

/** A body under way that can be read, and is over once it is broken off. */
class Body {
  isPaused = true;
  wireBytes = 100;
  reason: Error | undefined;
  readonly #bodies: OpenBodies;

  constructor(bodies: OpenBodies) {
    this.#bodies = bodies;
    bodies.add(this as unknown as ComingBody);
  }

  abort(reason: Error): void {
    this.reason = reason;
    this.end();
  }

  end(): void {
    this.#bodies.delete(this as unknown as ComingBody);
  }
}

function ending(bodies: OpenBodies, clock: VirtualClock): { isOver: boolean } {
  const state = { isOver: false };
  void bodies.end(clock).then(() => (state.isOver = true));
  return state;
}

describe('OpenBodies', () => {
  it('have ended at once where there are none', async () => {
    const clock = new VirtualClock();
    await new OpenBodies().end(clock);
    expect(clock.pendingTimers).toBe(0);
  });

  it('are waited for as long as somebody reads or the server sends, however slowly', async () => {
    const clock = new VirtualClock();
    const bodies = new OpenBodies();
    const slow = new Body(bodies);
    const waiting = new Body(bodies);
    waiting.isPaused = false;
    const state = ending(bodies, clock);
    for (let i = 0; i < 5; i++) {
      slow.wireBytes += 1;
      await clock.advance(9_000);
    }
    expect([slow.reason, waiting.reason, state.isOver]).toEqual([undefined, undefined, false]);
    slow.end();
    waiting.end();
    await clock.advance(0);
    expect([state.isOver, clock.pendingTimers]).toEqual([true, 0]);
  });

  it('are broken off where nobody reads', async () => {
    const clock = new VirtualClock();
    const bodies = new OpenBodies();
    const unread = new Body(bodies);
    const state = ending(bodies, clock);
    await clock.advance(9_999);
    expect(unread.reason).toBeUndefined();
    await clock.advance(2);
    expect(unread.reason?.message).toContain('Nobody read on');
    expect([state.isOver, clock.pendingTimers]).toEqual([true, 0]);
  });
});
