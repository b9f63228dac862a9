/** The time axis of the rate chart: sessions one after the other, with long pauses cut short. */
import { duration } from './format.js';
import type { ReportTimeline } from './report-data.js';

/** A stretch of the axis on which time runs. Positions are seconds of the axis. */
export interface AxisSpan {
  readonly from: number;
  readonly to: number;
  /** The time at `from`, milliseconds since the Unix epoch. */
  readonly startMs: number;
}

/** A pause between two spans. */
export interface AxisPause {
  readonly from: number;
  readonly to: number;
  readonly label: string;
}

/** The axis, and where each point of the timeline stands on it (the middle of its bucket). */
export interface TimeAxis {
  readonly spans: readonly AxisSpan[];
  readonly pauses: readonly AxisPause[];
  readonly positions: readonly number[];
}

/** All pauses together take at most this part of the time in which something ran... */
const MAX_PAUSES = 0.5;
/** ...and one of them this part. */
const MAX_PAUSE = 0.05;

/** Lays the points of a timeline out. */
export function layOut({ bucketMs, points }: ReportTimeline): TimeAxis {
  const isAfterPause = points.map(
    ({ startMs }, index) => index > 0 && startMs - (points[index - 1]?.startMs ?? 0) > bucketMs,
  );
  const pauseCount = isAfterPause.filter(Boolean).length;
  const activeSeconds = (points.length * bucketMs) / 1000;
  const longestPause = activeSeconds * Math.min(MAX_PAUSE, MAX_PAUSES / Math.max(1, pauseCount));

  const spans: { from: number; to: number; startMs: number }[] = [];
  const pauses: AxisPause[] = [];
  const positions = points.map(({ startMs }, index) => {
    let span = spans.at(-1);
    if (span === undefined) spans.push((span = { from: 0, to: 0, startMs }));
    if (isAfterPause[index] === true) {
      const pauseMs = startMs - ((points[index - 1]?.startMs ?? 0) + bucketMs);
      const to = span.to + Math.min(pauseMs / 1000, longestPause);
      pauses.push({ from: span.to, to, label: `paused ${duration(pauseMs)}` });
      spans.push((span = { from: to, to, startMs }));
    }
    span.to += bucketMs / 1000;
    return span.to - bucketMs / 2000;
  });
  return { spans, pauses, positions };
}
