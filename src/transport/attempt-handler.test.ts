import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../testing/virtual-clock.js';
import { AttemptHandler } from './attempt-handler.js';
import { Deadlines } from './deadlines.js';
import type { TransportResult } from './transport.js';

const controller = { abort() {} } as unknown as Dispatcher.DispatchController;

function start() {
  const clock = new VirtualClock();
  const results: TransportResult[] = [];
  const deadlines = new Deadlines(clock);
  const handler = new AttemptHandler(clock, deadlines, 1000, (result) => results.push(result));
  return { clock, results, handler };
}

const failure = (facts: object, cause?: unknown): Error =>
  Object.assign(new Error('failed', { cause }), facts);

describe('AttemptHandler', () => {
  it.each([
    ['a refused connection', failure({ code: 'ECONNREFUSED' })],
    ['an unknown name', failure({ code: 'ENOTFOUND', syscall: 'getaddrinfo' })],
    ['a connection that took too long', failure({ code: 'ETIMEDOUT', syscall: 'connect' })],
    ['too few free ports', failure({ code: 'EADDRNOTAVAIL', syscall: 'connect' })],
    ['too many open files', failure({ code: 'EMFILE', syscall: 'connect' })],
    [
      'a proxy that is down',
      failure({ code: 'UND_ERR_ABORTED' }, failure({ code: 'ECONNREFUSED' })),
    ],
  ])('takes %s for a server that was not reached', (_what, error) => {
    const { results, handler } = start();
    handler.onResponseError(controller, error);
    expect(results).toEqual([{ kind: 'unreachable', error }]);
  });

  it.each([
    ['a reset', failure({ code: 'ECONNRESET', syscall: 'read' })],
    ['a connection that timed out in use', failure({ code: 'ETIMEDOUT', syscall: 'read' })],
    ['an error that says nothing', new Error('?')],
  ])('takes %s for an attempt that the server may have seen', (_what, error) => {
    const { results, handler } = start();
    handler.onResponseError(controller, error);
    expect(results).toEqual([{ kind: 'broken', error }]);
  });

  it('never takes a server for unreached that has begun to answer', () => {
    const { results, handler } = start();
    handler.onResponseStart(controller, 200, {});
    handler.onResponseError(controller, failure({ code: 'ECONNREFUSED' }));
    expect(results.map(({ kind }) => kind)).toEqual(['broken']);
  });

  it('settles once, whatever comes afterwards, and leaves no timer', async () => {
    const { clock, results, handler } = start();
    handler.onRequestStart({
      abort: (error) => handler.onResponseError(controller, error),
    } as typeof controller);
    handler.abort();
    handler.abort();
    handler.onResponseEnd();
    await clock.advance(5000);
    expect(results).toEqual([{ kind: 'aborted' }]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('breaks off a request that starts after it has timed out', async () => {
    const { clock, results, handler } = start();
    await clock.advance(1000);
    expect(results).toEqual([{ kind: 'timeout' }]);
    const aborts: Error[] = [];
    handler.onRequestStart({ abort: (error) => void aborts.push(error) } as typeof controller);
    expect(aborts).toHaveLength(1);
  });
});
