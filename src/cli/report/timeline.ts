/** Outcomes over time, together with the times in which nothing came although it could have. */
import type { RunSession } from '../../run/run-info.js';
import type { ReportTimeline, TimelinePoint } from './report-data.js';
import type { TimeBucket, TimeBuckets } from './time-buckets.js';

type Span = Pick<RunSession, 'startedAtMs' | 'endedAtMs'>;

/** First and last index of buckets that follow each other. */
type IndexRange = [first: number, last: number];

/** Makes the timeline, with no more than `maxPoints` points: the buckets are widened until they fit. */
export function makeTimeline(
  buckets: TimeBuckets,
  sessions: readonly Span[],
  maxPoints: number,
): ReportTimeline {
  const spans = untilLastOutcome(sessions, buckets.list(), buckets.widthMs);
  let ranges = coveredRanges(buckets.list(), spans, buckets.widthMs);
  while (pointsOf(ranges) > maxPoints) {
    buckets.widen();
    ranges = coveredRanges(buckets.list(), spans, buckets.widthMs);
  }
  return { bucketMs: buckets.widthMs, points: pointsAt(ranges, buckets, spans) };
}

/**
 * So many requests of a point as a rate, requests a second. A bucket of which a session had less than
 * half counts as half: a few requests of an instant are no rate.
 */
export function rateAt(count: number, point: TimelinePoint, bucketMs: number): number {
  return (count * 1000) / Math.max(point.activeMs, bucketMs / 2);
}

/**
 * After a crash, `run.json` knows less than was recorded: a session lasts until its last outcome, and
 * never into the next session.
 */
function untilLastOutcome(
  sessions: readonly Span[],
  buckets: readonly TimeBucket[],
  widthMs: number,
): Span[] {
  const sorted = sessions.toSorted((a, b) => a.startedAtMs - b.startedAtMs);
  return sorted.map(({ startedAtMs, endedAtMs }, index) => {
    const nextMs = sorted[index + 1]?.startedAtMs ?? Infinity;
    const last = buckets.findLast(
      ({ startMs }) => startMs >= startedAtMs && startMs + widthMs <= nextMs,
    );
    const outcomeMs = last === undefined ? 0 : Math.min(last.startMs + widthMs, nextMs);
    const isWithin = outcomeMs - widthMs < endedAtMs;
    return { startedAtMs, endedAtMs: isWithin ? endedAtMs : outcomeMs };
  });
}

function coveredRanges(
  buckets: readonly TimeBucket[],
  spans: readonly Span[],
  widthMs: number,
): IndexRange[] {
  const indexOf = (ms: number): number => Math.floor(ms / widthMs);
  const all = [
    ...buckets.map(({ startMs }): IndexRange => [indexOf(startMs), indexOf(startMs)]),
    ...spans
      .filter(({ startedAtMs, endedAtMs }) => endedAtMs > startedAtMs)
      .map(({ startedAtMs, endedAtMs }): IndexRange => [
        indexOf(startedAtMs),
        // A session that ends where a bucket begins does not reach into it.
        Math.ceil(endedAtMs / widthMs) - 1,
      ]),
  ].toSorted(([a], [b]) => a - b);
  const merged: IndexRange[] = [];
  for (const [first, last] of all) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous[1] + 1)
      previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

function pointsOf(ranges: readonly IndexRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

function pointsAt(
  ranges: readonly IndexRange[],
  buckets: TimeBuckets,
  spans: readonly Span[],
): TimelinePoint[] {
  const { widthMs } = buckets;
  const byStart = new Map(buckets.list().map((bucket) => [bucket.startMs, bucket]));
  return ranges.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, offset) => {
      const startMs = (first + offset) * widthMs;
      const { succeeded, failed } = byStart.get(startMs) ?? { succeeded: 0, failed: 0 };
      // Where no session is known, all of the bucket counts.
      const activeMs = overlap(spans, startMs, startMs + widthMs) || widthMs;
      return { startMs, succeeded, failed, activeMs };
    }),
  );
}

function overlap(spans: readonly Span[], fromMs: number, toMs: number): number {
  const sum = spans.reduce(
    (total, { startedAtMs, endedAtMs }) =>
      total + Math.max(0, Math.min(endedAtMs, toMs) - Math.max(startedAtMs, fromMs)),
    0,
  );
  return Math.min(sum, toMs - fromMs);
}
