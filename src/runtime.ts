import { systemClock, type Clock } from './clock.js';
import type { AppsKeeping } from './engine/apps-file.js';
import type { Logger } from './logger.js';
import type { ResolvedOptions } from './options.js';
import { systemRandom, type Random } from './random.js';
import { ThreadTransport } from './transport/thread-transport.js';
import type { Transport } from './transport/transport.js';
import { UndiciTransport } from './transport/undici-transport.js';

/** What a hydra takes from outside: a simulator passes its own time, chance and network. */
export interface Runtime {
  readonly clock: Clock;
  readonly random: Random;
  readonly transport: Transport;
  /** Opens the apps file that the options name. Left out: the file itself, which is then this hydra's alone. */
  readonly openAppsFile?: (path: string) => AppsKeeping;
}

type HttpOptions = Pick<ResolvedOptions, 'timeoutMs' | 'maxConcurrency' | 'threads' | 'http2'>;

/** For tokens and pages, so that none waits for the end of a request. */
const SPARE_CONNECTIONS = 16;

/** The system's time and chance, and HTTP as the options say; `given` replaces any of them. */
export function createRuntime(
  options: HttpOptions,
  logger: Logger,
  given: Partial<Runtime>,
): Runtime {
  const clock = given.clock ?? systemClock;
  const random = given.random ?? systemRandom;
  const transport = given.transport ?? createTransport(options, logger, clock);
  return { ...given, clock, random, transport };
}

function createTransport(
  { timeoutMs, maxConcurrency, threads, http2 }: HttpOptions,
  logger: Logger,
  clock: Clock,
): Transport {
  const maxConnections = maxConcurrency + SPARE_CONNECTIONS;
  const parts = { clock, timeoutMs, maxConnections, env: process.env, http2 };
  if (threads === 0) return new UndiciTransport(parts);
  return new ThreadTransport({ ...parts, threads, logger });
}
