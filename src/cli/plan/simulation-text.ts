/** A simulated job in words. */
import { requestsAdmitted } from '../../limits/allowance.js';
import { pacedGroups } from '../../limits/paced-groups.js';
import type { HoldBack } from '../../simulation/hold-backs.js';
import type { JobReport } from '../../simulation/job-report.js';
import type { Scenario } from '../../simulation/scenario.js';
import { count, counted, duration, percent, threeDigits } from '../report/format.js';

/** What was simulated, and how it went. */
export interface SimulatedJob {
  readonly world: Scenario;
  readonly report: JobReport;
}

/** What `--json` prints of it. */
export type SimulationJson = Omit<JobReport, 'requests' | 'leastMs' | 'leftBehind'> & {
  readonly seed: number;
  /** Requests a second. */
  readonly rate: Rate;
};

interface Rate {
  /** What the limits admitted of all that arrived. */
  readonly reached: number;
  /** What the limits of the apps, and the delay between any two requests, allow over the same time. */
  readonly allowed: number;
}

/** The report for scripts. */
export function simulationJson(job: SimulatedJob): SimulationJson {
  const { requests: _, leastMs: __, leftBehind: ___, ...report } = job.report;
  return { seed: job.world.seed, ...report, rate: rateOf(job) };
}

/** A line for each fact. */
export function simulationText(job: SimulatedJob): string {
  const { world, report } = job;
  const lines = [
    `Simulated with ${conditionsText(world)}:`,
    durationText(report),
    attemptsText(report),
    `${counted(report.succeeded, 'request')} answered, ${count(report.failed)} failed for good.`,
    rateText(rateOf(job)),
    holdBackText(report),
  ];
  // Spaces that do not break are for pages; a terminal's are searched.
  return `${lines.join('\n')}\n`.replaceAll('\u00a0', ' ');
}

function rateOf({ world, report: { accepted, durationMs } }: SimulatedJob): Rate {
  if (durationMs === 0) return { reached: 0, allowed: 0 };
  const groups = pacedGroups(world.groups, world.client.minRequestDelayMs);
  const allowed = groups.reduce(
    (sum, { apps, limits }) => sum + apps * requestsAdmitted(limits, durationMs),
    0,
  );
  return { reached: (accepted / durationMs) * 1000, allowed: (allowed / durationMs) * 1000 };
}

function conditionsText({ network, server, seed }: Scenario): string {
  return [
    `answers after ${duration(2 * network.latencyMs + server.workMs)}`,
    `jitter of up to ${duration(network.jitterMs)} each way`,
    ...(server.errorRate > 0 ? [`${percent(server.errorRate)} errors`] : []),
    ...(network.lossRate > 0 ? [`${percent(network.lossRate)} broken connections`] : []),
    ...server.outages.map(
      ({ fromMs, forMs }) => `the server down for ${duration(forMs)} after ${duration(fromMs)}`,
    ),
    `seed ${seed}`,
  ].join(', ');
}

function durationText({ hasEnded, durationMs, leastMs }: JobReport): string {
  if (!hasEnded) return `It has not ended after ${duration(durationMs)}.`;
  const longer = durationMs / leastMs - 1;
  const compared =
    leastMs === 0 || Math.abs(longer) < 0.0005
      ? 'as long as the limits ask for'
      : `${percent(Math.abs(longer))} ${longer > 0 ? 'longer' : 'shorter'} than planned`;
  return `It takes ${duration(durationMs)}, ${compared}.`;
}

function attemptsText({ attempts, refused, retries }: JobReport): string {
  const causes = Object.entries(retries).map(([cause, times]) => `${cause} ${count(times)}`);
  const again = causes.length === 0 ? 'none' : causes.join(', ');
  return `${counted(attempts, 'attempt')}, ${count(refused)} of them refused; sent again after a failure: ${again}.`;
}

function rateText({ reached, allowed }: Rate): string {
  if (allowed === 0) return 'Nothing was to be sent.';
  return `${threeDigits(reached)} requests a second of ${threeDigits(allowed)} allowed (${percent(Math.min(1, reached / allowed))}).`;
}

const causes: Readonly<Record<HoldBack, string>> = {
  limits: 'the limits of the apps',
  delay: 'the delay between any two requests (minRequestDelayMs)',
  concurrency: 'the most requests that may be under way at once (maxConcurrency)',
  server: 'the server, which was down',
  tokens: 'apps without a token',
  answers: 'answers and retries, with nothing else left to send',
};

function holdBackText({ heldBackBy }: JobReport): string {
  const shares = heldBackBy.filter(({ share }) => share >= 0.01);
  if (shares.length === 0) return 'It waited for nothing.';
  return `It waited for ${shares.map(({ what, share }) => `${causes[what]} (${percent(share)})`).join(', ')}.`;
}
