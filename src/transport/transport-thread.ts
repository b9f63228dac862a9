/** Runs in a thread of its own and carries attempts for the main thread, see `ThreadTransport`. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { afterThisTurn, clockOriginMs, systemClock, type Clock } from '../clock.js';
import { isJson, saysJson } from '../json-body.js';
import {
  packResults,
  unpackRequests,
  type Numbered,
  type Parcel,
  type ThreadMessage,
  type ThreadStart,
  type WorkMessage,
} from './thread-messages.js';
import type { AttemptUnderWay, TransportRequest, TransportResult } from './transport.js';
import { UndiciTransport } from './undici-transport.js';

/** Shows the main thread's time. Sets no timers: the main thread does. */
function mainThreadClock(originMs: number): Clock {
  const offsetMs = clockOriginMs() - originMs;
  return {
    now: () => systemClock.now() + offsetMs,
    wallNow: () => systemClock.wallNow(),
    setTimer: () => ({ cancel: () => {} }),
    soon: (callback) => systemClock.soon(callback),
  };
}

/** Looks whether the body is JSON, so that the main thread need not. */
function lookAtBody(request: TransportRequest, result: TransportResult): TransportResult {
  if (result.kind !== 'response' || result.body.byteLength === 0) return result;
  if (request.expectsJson !== true && !saysJson(result.headers)) return result;
  return { ...result, isJson: isJson(result.body) };
}

/** Carries what comes in through `port`. */
function carry(port: MessagePort, start: ThreadStart): void {
  const { originMs, ...options } = start;
  const clock = mainThreadClock(originMs);
  const transport = new UndiciTransport({ clock, timeoutMs: Infinity, ...options });
  const underWay = new Map<number, AttemptUnderWay>();
  let ended: Numbered<TransportResult>[] = [];

  const post = ({ message, transfers }: Parcel<ThreadMessage>): void =>
    port.postMessage(message, transfers);
  const tellEnded = (): void => {
    post(packResults(ended));
    ended = [];
  };
  const onEnd = (id: number, result: TransportResult): void => {
    underWay.delete(id);
    ended.push([id, result]);
    if (ended.length === 1) afterThisTurn(tellEnded);
  };
  port.on('message', (message: WorkMessage) => {
    for (const [id, request] of unpackRequests(message)) {
      const attempt = transport.send(request, (end) => onEnd(id, lookAtBody(request, end)));
      underWay.set(id, attempt);
    }
    for (const id of message.aborted) underWay.get(id)?.abort();
  });
  post({ message: { kind: 'ready' }, transfers: [] });
}

if (parentPort === null) throw new Error('Expected to run in a thread of its own.');
carry(parentPort, workerData as ThreadStart);
