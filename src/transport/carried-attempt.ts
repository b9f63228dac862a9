import { systemClock, type Clock, type Timer } from '../clock.js';
import type { Deadlines, Expiring } from './deadlines.js';
import type { AttemptUnderWay, Transport, TransportRequest, TransportResult } from './transport.js';

/** Who carries an attempt, until it has ended. */
export interface Carrier {
  /** Lets go of an attempt that has ended without it. */
  drop(attempt: CarriedAttempt): void;
}

/** One attempt that is carried by another thread, as the main thread sees it. */
export class CarriedAttempt implements AttemptUnderWay, Expiring {
  readonly id: number;
  readonly request: TransportRequest;
  readonly #clock: Clock;
  readonly #settle: (result: TransportResult) => void;
  readonly #deadline: Timer;
  #carrier: Carrier | undefined;
  #elsewhere: AttemptUnderWay | undefined;
  #hasEnded = false;

  constructor(
    id: number,
    request: TransportRequest,
    clock: Clock,
    deadlines: Deadlines,
    settle: (result: TransportResult) => void,
  ) {
    this.id = id;
    this.request = request;
    this.#clock = clock;
    this.#settle = settle;
    this.#deadline = deadlines.set(this, request.timeoutMs);
  }

  /** Notes who carries it now. */
  carriedBy(carrier: Carrier): void {
    this.#carrier = carrier;
  }

  /** Has it carried by another transport, which bounds its time itself. */
  handTo(transport: Transport): void {
    this.#deadline.cancel();
    this.#carrier = undefined;
    this.#elsewhere = transport.send(this.request, this.#settle);
  }

  /** Ends it with what its carrier brought home. */
  finish(result: TransportResult): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#deadline.cancel();
    this.#settle(this.#clock === systemClock ? result : onClock(this.#clock, result));
  }

  onDeadline(): void {
    this.#end('timeout');
  }

  abort(): void {
    if (this.#elsewhere === undefined) this.#end('aborted');
    else this.#elsewhere.abort();
  }

  #end(kind: 'timeout' | 'aborted'): void {
    if (this.#hasEnded) return;
    this.#carrier?.drop(this);
    this.finish({ kind });
  }
}

/** The result with its times, which are the system's, on another clock. */
function onClock(clock: Clock, result: TransportResult): TransportResult {
  if (result.kind !== 'response') return result;
  const shiftMs = clock.now() - systemClock.now();
  const shift = (atMs: number | undefined): number | undefined =>
    atMs === undefined ? undefined : atMs + shiftMs;
  return {
    ...result,
    writtenAtMs: shift(result.writtenAtMs),
    headAtMs: shift(result.headAtMs),
  };
}
