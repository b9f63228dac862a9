import { systemClock, type Clock } from './clock.js';
import type { ResolvedOptions } from './options.js';
import { systemRandom, type Random } from './random.js';
import type { Transport } from './transport/transport.js';
import { UndiciTransport } from './transport/undici-transport.js';

/** What a hydra takes from outside: a simulator passes its own time, chance and network. */
export interface Runtime {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
}

/** For tokens and pages, so that none waits for the end of a request. */
const SPARE_CONNECTIONS = 16;

/** The system's time and chance, and undici; `given` replaces any of them. */
export function createRuntime(
  { timeoutMs, maxConcurrency }: Pick<ResolvedOptions, 'timeoutMs' | 'maxConcurrency'>,
  given: Partial<Runtime>,
): Runtime {
  const clock = given.clock ?? systemClock;
  const random = given.random ?? systemRandom;
  const transport =
    given.transport ??
    new UndiciTransport({
      clock,
      timeoutMs,
      maxConnections: maxConcurrency + SPARE_CONNECTIONS,
      env: process.env,
    });
  return { clock, random, transport };
}
