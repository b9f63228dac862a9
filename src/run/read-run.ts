import type { HydraFailure, Outcome } from '../request/request.js';
import type { HydraResponse } from '../request/response.js';
import type { RunInfo } from './run-info.js';

/** A part of a run's files that could not be understood. It was skipped. */
export interface SegmentDamage {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** For people. */
  readonly reason: string;
}

/** A run's directory, to read from. */
export interface RunReader {
  readonly directory: string;
  readonly info: RunInfo;
  /** All outcomes, each request once, in the order of the source. Constant memory. */
  outcomes(): AsyncGenerator<Outcome, void, undefined>;
  /** The responses alone. */
  responses(): AsyncGenerator<HydraResponse, void, undefined>;
  /** The failures alone, those left out that a later try has mended. */
  failures(): AsyncGenerator<HydraFailure, void, undefined>;
}
