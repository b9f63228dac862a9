/** Reads a run once and makes the figures of its report, in memory that does not grow with the run. */
import type { Outcome } from '../../request/request.js';
import type { RunReader } from '../../run/read-run.js';
import { AppUses } from './app-uses.js';
import { AttemptCounts } from './attempt-counts.js';
import { FailureGroups } from './failure-groups.js';
import { LatencySketch, RELATIVE_ERROR } from './latency-sketch.js';
import type { ReportData, ReportLatency } from './report-data.js';
import { addUp, describeSessions, retriesByCause } from './session-figures.js';
import { SlowestRequests } from './slowest-requests.js';
import { StatusCounts } from './status-counts.js';
import { TimeBuckets } from './time-buckets.js';
import { makeTimeline } from './timeline.js';

/** Buckets while reading: more than are shown, so that what is shown is not coarser than need be. */
const MAX_BUCKETS = 5000;
const MAX_POINTS = 720;
const MAX_LATENCY_BINS = 40;
const SLOWEST = 10;

/** Makes the figures of a run: one pass over its outcomes. Rejects with what reading them throws. */
export async function collectReport(
  run: Pick<RunReader, 'info' | 'outcomes'>,
): Promise<ReportData> {
  const tallies = new Tallies();
  for await (const outcome of run.outcomes()) tallies.add(outcome);

  const { info } = run;
  const sessions = describeSessions(info);
  const { succeeded, failed } = tallies;
  return {
    api: info.api,
    state: info.state,
    requests: { succeeded, failed, ...info.source, read: info.source.end ?? info.source.read },
    sessions,
    traffic: addUp(sessions),
    retries: retriesByCause(sessions),
    timeline: makeTimeline(tallies.buckets, sessions, MAX_POINTS),
    latency: describeLatency(tallies.latency),
    attempts: tallies.attempts.list(),
    statuses: tallies.statuses.list(),
    failures: tallies.failures.list(),
    apps: tallies.apps.list(),
    appsInUse: sessions.reduce((most, { apps }) => Math.max(most, apps), 0),
    slowest: tallies.slowest.list(),
  };
}

/** Everything that is counted on the way. */
class Tallies {
  succeeded = 0;
  failed = 0;
  readonly buckets: TimeBuckets = new TimeBuckets(MAX_BUCKETS);
  readonly latency: LatencySketch = new LatencySketch();
  readonly attempts: AttemptCounts = new AttemptCounts();
  readonly statuses: StatusCounts = new StatusCounts();
  readonly failures: FailureGroups = new FailureGroups();
  readonly apps: AppUses = new AppUses();
  readonly slowest: SlowestRequests = new SlowestRequests(SLOWEST);

  add(outcome: Outcome): void {
    const isSuccess = outcome.kind === 'response';
    const { attempts, endedAtMs } = isSuccess ? outcome.response : outcome.failure;
    this.buckets.add(endedAtMs, isSuccess);
    this.attempts.add(attempts);
    this.statuses.add(outcome);
    if (outcome.kind === 'failure') {
      this.failed += 1;
      this.failures.add(outcome.failure);
      return;
    }
    const { response } = outcome;
    this.succeeded += 1;
    this.latency.add(response.durationMs);
    this.apps.add(response.appId, response.durationMs);
    this.slowest.add(response);
  }
}

function describeLatency(latency: LatencySketch): ReportLatency {
  return {
    count: latency.count,
    minMs: latency.minMs,
    meanMs: latency.meanMs,
    p50Ms: latency.percentile(0.5),
    p90Ms: latency.percentile(0.9),
    p95Ms: latency.percentile(0.95),
    p99Ms: latency.percentile(0.99),
    maxMs: latency.maxMs,
    relativeError: RELATIVE_ERROR,
    bins: latency.bins(MAX_LATENCY_BINS),
  };
}
