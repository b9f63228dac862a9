/** The options of `apihydra plan --simulate`. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AppGroup } from '../../limits/makespan.js';
import { HydraError } from '../../errors.js';
import { scenario, type Scenario, type ServerOutage } from '../../simulation/scenario.js';
import { limiterKinds, type LimiterKind } from '../../testing/limiter.js';
import { TIME_UNITS, timeSpanMs } from '../time-span.js';
import { wholeNumber } from '../whole-number.js';

/** What {@link simulationOptions} make of the command line. */
export interface SimulationFlags {
  readonly simulate?: true;
  readonly latency?: number;
  readonly jitter?: number;
  readonly errorRate?: number;
  readonly lossRate?: number;
  readonly outage?: readonly ServerOutage[];
  readonly limiter?: LimiterKind;
  readonly maxConcurrency?: number;
  readonly seed?: number;
}

/** What a command's help says of the simulation. */
export const SIMULATION_HELP = `
--simulate runs the job in virtual time: the scheduler of this library, as it is, against a simulated
network and server with the limits of the apps. All requests are taken for GET. The same seed gives the
same result.`;

const DEFAULTS = { latency: 100, jitter: 10, maxConcurrency: 4000, seed: 1 };
const WEEK_MS = 604_800_000;
const LONGEST_WAY_MS = 10_000;
const MOST_APPS = 100_000;

/** Adds the options to `command`. */
export function simulationOptions(command: Command): Command {
  return command
    .option('--simulate', 'plays the job through in virtual time; what follows is for that')
    .option(
      '--latency <time>',
      `time from a request to its answer, at least (default: ${DEFAULTS.latency}ms)`,
      timeSpan,
    )
    .option(
      '--jitter <time>',
      `how much longer the way there, and the way back, may take (default: ${DEFAULTS.jitter}ms)`,
      timeSpan,
    )
    .option('--error-rate <share>', 'answers with status 500: 1% or 0.01 (default: 0)', share)
    .option('--loss-rate <share>', 'attempts whose connection breaks (default: 0)', share)
    .option(
      '--outage <from+for>',
      'the server is down: 10min+90s, repeatable (default: never)',
      outageFlag,
    )
    .addOption(
      new Option(
        '--limiter <kind>',
        'how the server limits apps (default: sliding-window)',
      ).choices(limiterKinds),
    )
    .option(
      '--max-concurrency <n>',
      `requests under way at once (default: ${DEFAULTS.maxConcurrency})`,
      wholeNumber(1, 1_000_000),
    )
    .option('--seed <n>', 'where chance begins (default: 1)', wholeNumber(0, 2 ** 32 - 1));
}

/** What is wrong with the flags together; `undefined`: nothing. */
export function simulationMisuse(flags: SimulationFlags): string | undefined {
  if (flags.simulate === true) return undefined;
  const {
    latency,
    jitter,
    errorRate,
    lossRate,
    outage: down,
    limiter,
    maxConcurrency,
    seed,
  } = flags;
  const given = [latency, jitter, errorRate, lossRate, down, limiter, maxConcurrency, seed];
  if (given.every((value) => value === undefined)) return undefined;
  return 'Expected --simulate with --latency, --jitter, --error-rate, --loss-rate, --outage, --limiter, --max-concurrency and --seed.';
}

/** A job as far as the plan knows it. */
export interface PlannedJob {
  readonly requests: number;
  readonly groups: readonly AppGroup[];
  readonly minRequestDelayMs: number;
  /** The time that it takes at best. */
  readonly durationMs: number;
}

/**
 * What is to be simulated.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` for more apps than can be simulated.
 */
export function plannedScenario(flags: SimulationFlags, job: PlannedJob): Scenario {
  const { requests, groups, minRequestDelayMs, durationMs } = job;
  const apps = groups.reduce((sum, group) => sum + group.apps, 0);
  if (apps > MOST_APPS) {
    const message = `Expected at most ${MOST_APPS} apps to simulate, got ${apps}.`;
    throw new HydraError('HYDRA_INVALID_OPTION', message, { name: 'apps' });
  }
  const { latency = DEFAULTS.latency, jitter = DEFAULTS.jitter, lossRate = 0 } = flags;
  const { errorRate = 0, outage: outages = [], limiter = 'sliding-window' } = flags;
  const { maxConcurrency = DEFAULTS.maxConcurrency, seed = DEFAULTS.seed } = flags;
  return scenario(
    { requests, groups },
    {
      client: { minRequestDelayMs, maxConcurrency },
      network: { latencyMs: latency / 2, jitterMs: jitter, lossRate },
      server: { workMs: 0, errorRate, outages, limiter },
      seed,
      patienceMs: patienceMs(durationMs, outages),
    },
  );
}

/** A job that has not ended by then will hardly end at all. */
function patienceMs(durationMs: number, outages: readonly ServerOutage[]): number {
  const backAtMs = Math.max(0, ...outages.map(({ fromMs, forMs }) => fromMs + forMs));
  return backAtMs + 20 * durationMs + WEEK_MS;
}

function timeSpan(text: string): number {
  const spanMs = timeSpanMs(text);
  if (spanMs !== undefined && spanMs <= LONGEST_WAY_MS) return spanMs;
  throw new InvalidArgumentError(
    `Expected a time such as 80ms or 0.2s, at most 10s (${TIME_UNITS}).`,
  );
}

function share(text: string): number {
  const [, figure = '', percent] = /^(\d+\.?\d*|\.\d+)(%?)$/.exec(text) ?? [];
  const value = Number(figure) / (percent === '%' ? 100 : 1);
  if (figure !== '' && value <= 1) return value;
  throw new InvalidArgumentError('Expected a share such as 1% or 0.01, at most 100%.');
}

function outageFlag(
  text: string,
  before: readonly ServerOutage[] | undefined,
): readonly ServerOutage[] {
  const [from = '', time = '', ...more] = text.split('+');
  const [fromMs, forMs] = [from === '0' ? 0 : timeSpanMs(from), timeSpanMs(time)];
  if (fromMs !== undefined && forMs !== undefined && forMs > 0 && more.length === 0) {
    return [...(before ?? []), { fromMs, forMs, kind: 'unreachable' }];
  }
  throw new InvalidArgumentError(
    `Expected when it begins and how long it lasts, such as 10min+90s (${TIME_UNITS}).`,
  );
}
