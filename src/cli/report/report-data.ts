/** The figures of a report, as `apihydra report --json` prints them. */
import type { RequestMethod } from '../../request/request.js';
import type { RunInfo, RunSession } from '../../run/run-info.js';
import type { LatencyBin } from './latency-sketch.js';
import type { TimeBucket } from './time-buckets.js';

/** A session, and what it was allowed. */
export interface ReportSession extends RunSession {
  /** The most requests that the apps' limits admit in the session's time. */
  readonly allowedRequests: number;
  /** Requests a second that all windows of all apps admit in the long run; at most `allowedRate`. */
  readonly sustainedRate: number;
}

/** What the sessions sent, together. */
export interface ReportTraffic {
  /** Time in which a session was at work, milliseconds. */
  readonly activeMs: number;
  /** Time from the first session's start to the last one's end in which none was, milliseconds. */
  readonly pausedMs: number;
  /** Attempts that were sent. */
  readonly attempts: number;
  /** Answers 429, and 503 with `Retry-After`. */
  readonly refusals: number;
  /** Attempts that were sent again. */
  readonly retries: number;
  /** Bytes of bodies, as they came over the wire. */
  readonly bytes: number;
  /** Attempts a second that were not refused, over `activeMs`. */
  readonly rate: number;
  /** Requests a second that the limits admitted, over `activeMs`. */
  readonly allowedRate: number;
  /** `rate` by `allowedRate`; `undefined` when nothing was allowed. */
  readonly used: number | undefined;
}

/** Outcomes of one bucket of the timeline. */
export interface TimelinePoint extends TimeBucket {
  /** The part of the bucket in which a session was at work, milliseconds. */
  readonly activeMs: number;
}

/** Outcomes over time. Buckets in which no session was at work are left out. */
export interface ReportTimeline {
  readonly bucketMs: number;
  readonly points: readonly TimelinePoint[];
}

/** How long successful attempts took, milliseconds. */
export interface ReportLatency {
  readonly count: number;
  readonly minMs: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** The percentiles are within this part of the exact ones; the other figures are exact. */
  readonly relativeError: number;
  readonly bins: readonly LatencyBin[];
}

/** Requests that took `from` to `to` attempts. */
export interface AttemptClass {
  readonly from: number;
  readonly to: number | undefined;
  readonly requests: number;
}

/** Requests by the last status that they were answered with. */
export interface StatusCount {
  /** `undefined`: there was no answer. */
  readonly status: number | undefined;
  readonly isSuccess: boolean;
  readonly requests: number;
}

/** Requests that failed for the same reason. */
export interface FailureGroup {
  readonly code: string;
  readonly status: number | undefined;
  readonly requests: number;
  /** The first of them. */
  readonly example: {
    readonly method: RequestMethod;
    readonly url: string;
    readonly message: string;
  };
}

/** What one app answered. */
export interface AppUse {
  readonly appId: string;
  readonly answers: number;
  readonly meanMs: number;
}

/** One of the slowest requests. */
export interface SlowRequest {
  readonly id: number;
  readonly method: RequestMethod;
  readonly url: string;
  readonly status: number;
  readonly appId: string;
  readonly durationMs: number;
  readonly endedAtMs: number;
}

/** A run in figures. */
export interface ReportData {
  readonly api: RunInfo['api'];
  readonly state: RunInfo['state'];
  readonly requests: {
    readonly succeeded: number;
    readonly failed: number;
    /** Requests that were read from the source. */
    readonly read: number;
    /** Whether those are all. */
    readonly isWhole: boolean;
  };
  readonly sessions: readonly ReportSession[];
  readonly traffic: ReportTraffic;
  /** Attempts that were sent again, by cause, the most frequent first. */
  readonly retries: readonly { readonly cause: string; readonly times: number }[];
  readonly timeline: ReportTimeline;
  readonly latency: ReportLatency;
  readonly attempts: readonly AttemptClass[];
  /** The most frequent first. */
  readonly statuses: readonly StatusCount[];
  /** The most frequent first. */
  readonly failures: readonly FailureGroup[];
  /** Apps with an answer, the most used first. */
  readonly apps: readonly AppUse[];
  /** The most apps that a session had in use. */
  readonly appsInUse: number;
  /** At most 10, the slowest first. */
  readonly slowest: readonly SlowRequest[];
}
