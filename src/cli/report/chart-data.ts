/** What the charts' script is given: numbers, and labels that are ours. */
import { layOut, type AxisPause, type AxisSpan } from './chart-axis.js';
import type { ReportData, ReportSession, TimelinePoint } from './report-data.js';
import { rateAt } from './timeline.js';

/** A value of a line; `null` where the line is broken. */
type LineValue = number | null;

/** The rate chart. Lines hold requests a second. */
export interface RateChart {
  readonly timeZone: string;
  readonly bucketSeconds: number;
  readonly spans: readonly AxisSpan[];
  readonly pauses: readonly AxisPause[];
  readonly x: readonly number[];
  readonly answered: readonly LineValue[];
  readonly failed: readonly LineValue[];
  readonly allowed: readonly LineValue[];
  /** What long windows admit, where that is less than what short ones do. */
  readonly sustained: readonly LineValue[] | undefined;
}

/** The latency histogram: bins follow each other. */
export interface LatencyChart {
  /** One more than there are bins, milliseconds. */
  readonly edgesMs: readonly number[];
  readonly counts: readonly number[];
  readonly marks: readonly { readonly label: string; readonly ms: number }[];
}

/** Makes the rate chart. */
export function rateChart(data: ReportData, timeZone: string): RateChart {
  const { timeline, sessions } = data;
  const { bucketMs, points } = timeline;
  const { spans, pauses, positions } = layOut(timeline);
  const line = (valueOf: (point: TimelinePoint) => LineValue): LineValue[] =>
    withBreaks(points.map(valueOf), positions, pauses);
  // A session's first and last bucket, of which it had a small part, would look like a slump.
  const rateLine = (countOf: (point: TimelinePoint) => number): LineValue[] =>
    line((point) =>
      points.length > 2 && point.activeMs < bucketMs / 2
        ? null
        : rateAt(countOf(point), point, bucketMs),
    );
  const isSlowerInTheLongRun = sessions.some((s) => s.sustainedRate < 0.99 * s.allowedRate);
  const sessionOf = (point: TimelinePoint): ReportSession | undefined =>
    mainSession(point, bucketMs, sessions);
  return {
    timeZone,
    bucketSeconds: bucketMs / 1000,
    spans,
    pauses,
    x: withBreaks(positions, positions, pauses, middle) as number[],
    answered: rateLine((point) => point.succeeded),
    failed: rateLine((point) => point.failed),
    allowed: line((point) => sessionOf(point)?.allowedRate ?? null),
    sustained: isSlowerInTheLongRun
      ? line((point) => sessionOf(point)?.sustainedRate ?? null)
      : undefined,
  };
}

/** Makes the latency histogram. */
export function latencyChart({ latency }: ReportData): LatencyChart {
  const { bins } = latency;
  return {
    edgesMs: [...bins.map(({ fromMs }) => fromMs), ...bins.slice(-1).map(({ toMs }) => toMs)],
    counts: bins.map((bin) => bin.count),
    marks: [
      { label: 'p50', ms: latency.p50Ms },
      { label: 'p90', ms: latency.p90Ms },
      { label: 'p99', ms: latency.p99Ms },
    ],
  };
}

/** Puts a value into each pause (`null`: a break), so that no line leads across it. */
function withBreaks(
  values: readonly LineValue[],
  positions: readonly number[],
  pauses: readonly AxisPause[],
  valueIn: (pause: AxisPause) => LineValue = () => null,
): LineValue[] {
  let next = 0;
  return values.flatMap((value, index) => {
    const pause = pauses[next];
    if (pause === undefined || (positions[index] ?? 0) < pause.to) return [value];
    next += 1;
    return [valueIn(pause), value];
  });
}

function middle({ from, to }: AxisPause): number {
  return (from + to) / 2;
}

/** The session that was at work for most of a point; the nearest one where none was. */
function mainSession(
  { startMs }: TimelinePoint,
  bucketMs: number,
  sessions: readonly ReportSession[],
): ReportSession | undefined {
  const overlapOf = ({ startedAtMs, endedAtMs }: ReportSession): number =>
    Math.min(endedAtMs, startMs + bucketMs) - Math.max(startedAtMs, startMs);
  return sessions.reduce<ReportSession | undefined>(
    (best, session) =>
      best === undefined || overlapOf(session) > overlapOf(best) ? session : best,
    undefined,
  );
}
