/** A hydra on virtual time whose server goes away and comes back as a test says. */
import { expect } from 'vitest';
import type { Logger, TransportResult } from '../../src/index.js';
import { perSecond2, simulate, type Setting, type Simulation } from './hydra-on-virtual-time.js';

export const HOUR_MS = 3_600_000;
const LATENCY_MS = 20;

type Fault = TransportResult | 'stall' | 'unreachable';

export interface Line {
  readonly atMs: number;
  readonly level: string;
  readonly message: string;
}

export interface World extends Simulation {
  readonly lines: Line[];
  /** All attempts that set out for the server, reached or not; `atOnce` counts those under way. */
  readonly sent: { atMs: number; method: string; path: string; atOnce: number }[];
}

/** A hydra whose server behaves as `fault` says, at the time and for the path that it is told. */
export function world(
  fault: (nowMs: number, path: string) => Fault | undefined,
  setting: Partial<Setting> = {},
): World {
  const lines: Line[] = [];
  const sent: World['sent'] = [];
  const keep = (level: string) => (message: string) =>
    void lines.push({ atMs: simulation.clock.now(), level, message });
  const logger: Logger = {
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    fatal: keep('fatal'),
  };
  const simulation: Simulation = simulate({
    apps: 20,
    limits: perSecond2,
    ...setting,
    options: { logger, ...setting.options },
    server: {
      latencyMs: LATENCY_MS,
      isUnreachable: ({ method, path }) => {
        const { clock, server } = simulation;
        const atMs = clock.now() - LATENCY_MS;
        sent.push({ atMs, method, path, atOnce: server.inFlight });
        return fault(atMs, path) === 'unreachable';
      },
      answer: ({ path }) => {
        const what = fault(simulation.clock.now() - LATENCY_MS, path);
        return what === 'unreachable' ? undefined : what;
      },
      ...setting.server,
    },
  });
  return { ...simulation, lines, sent };
}

export const during = (fromMs: number, toMs: number, what: Fault) => (nowMs: number) =>
  nowMs >= fromMs && nowMs < toMs ? what : undefined;

export const opened = ({ lines }: World): Line[] =>
  lines.filter(({ level, message }) => level === 'warn' && message.includes('whatever is asked'));
export const back = ({ lines }: World): Line[] =>
  lines.filter(({ level, message }) => level === 'info' && message.includes('answers again'));
export const probes = ({ lines }: World): Line[] =>
  lines.filter(({ message }) => message.startsWith('Asks whether'));

/** Lets all requests end. Each must have its own answer; returns the most attempts that one took. */
export async function expectAllAnswered({ hydra, clock }: World, howMany: number): Promise<number> {
  const responses = await clock.runUntil(hydra.getResponses());
  expect(await hydra.failures()).toEqual([]);
  expect(responses.map(({ id }) => id)).toEqual(Array.from({ length: howMany }, (_, id) => id));
  for (const { id, json } of responses.map((one) => ({ id: one.id, json: one.json() }))) {
    expect(json).toEqual({ path: `/v2/${id}` });
  }
  return Math.max(...responses.map(({ attempts }) => attempts));
}

export const refused = 'unreachable' as const;
