import { describe, expect, it } from 'vitest';
import { FrontQueue } from './front-queue.js';

interface Named {
  readonly name: string;
  readonly priority: number;
}

const named = (name: string, priority = 0): Named => ({ name, priority });

function queueOf(
  jobs: readonly Named[],
  isAlive: (job: Named) => boolean = () => true,
): FrontQueue<Named> {
  const queue = new FrontQueue(isAlive);
  for (const job of jobs) queue.push(job);
  return queue;
}

describe('FrontQueue', () => {
  it('shows the one that goes next, and counts it as ready until it is taken', () => {
    const queue = queueOf([named('a'), named('b')]);
    expect(queue.peek()?.name).toBe('a');
    expect(queue.ready).toBe(2);
    expect(queue.shift()?.name).toBe('a');
    expect(queue.peek()?.name).toBe('b');
    expect(queue.drain().map(({ name }) => name)).toEqual(['b']);
    expect(queue.ready).toBe(0);
  });

  it('lets one of a higher priority go before the one that was looked at', () => {
    const queue = queueOf([named('a'), named('b')]);
    queue.peek();
    queue.push(named('high', 1));
    queue.pushAgain(named('again'));
    expect(queue.highestPriority).toBe(1);
    expect(queue.drain().map(({ name }) => name)).toEqual(['high', 'a', 'again', 'b']);
  });

  it('does not take its turn from one that has it although higher ones wait', () => {
    const queue = queueOf([named('low')]);
    let taken = 0;
    for (; queue.peek()?.name !== 'low' || taken === 0; taken++) {
      queue.shift();
      if (taken === 0) queue.push(named('low'));
      queue.push(named('high', 1));
      queue.push(named('high', 1));
    }
    queue.push(named('higher', 2));
    expect(queue.shift()?.name).toBe('low');
    expect(taken).toBeLessThanOrEqual(11);
  });

  it('passes over what has ended while it waited, also once that was looked at', () => {
    const ended = new Set<string>();
    const queue = queueOf([named('a'), named('b'), named('c')], ({ name }) => !ended.has(name));
    queue.peek();
    ended.add('a');
    ended.add('b');
    expect(queue.peek()?.name).toBe('c');
    expect(queue.ready).toBe(1);
  });

  it('takes out the first that matches, be it the one that was looked at or another', () => {
    const queue = queueOf([named('a'), named('b'), named('c')]);
    queue.peek();
    expect(queue.takeFirst(({ name }) => name === 'b')?.name).toBe('b');
    expect(queue.takeFirst(({ name }) => name < 'c')?.name).toBe('a');
    expect(queue.shift()?.name).toBe('c');
  });
});
