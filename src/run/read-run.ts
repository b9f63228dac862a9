/** Reads a run's directory, also while the run goes on. */
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { stderrLogger } from '../logger.js';
import { outcomeId, type HydraFailure, type Outcome } from '../request/request.js';
import type { HydraResponse } from '../request/response.js';
import { mergeOutcomes } from '../store/merge-segments.js';
import { SegmentCursor, type SegmentRef } from '../store/segment-cursor.js';
import type { Damage } from '../store/segment-lines.js';
import { FailureSlicer } from './failure-slicer.js';
import { findFailures, findSegments, stemOf, whereIs } from './run-files.js';
import { noRun, readRunInfo, type RunInfo, type SegmentInfo } from './run-info.js';
import { scanSegment } from './scan-segment.js';

/** A run's directory, to read from. */
export interface RunReader {
  readonly directory: string;
  readonly info: RunInfo;
  /**
   * All outcomes, each request once, in the order of the source. Constant memory. Those behind the end of
   * a list (`info.source.end`) are left out.
   */
  outcomes(): AsyncGenerator<Outcome, void, undefined>;
  /** The responses alone. */
  responses(): AsyncGenerator<HydraResponse, void, undefined>;
  /** The failures alone, those left out that a later try has mended. */
  failures(): AsyncGenerator<HydraFailure, void, undefined>;
}

/** Options of {@link readRun}. */
export interface ReadRunOptions {
  /**
   * Is told of each part of a file that is skipped because it cannot be understood.
   *
   * @defaultValue a line on stderr
   */
  readonly onDamage?: ((damage: Damage) => void) | undefined;
}

/**
 * Opens a run's directory for reading. What comes while it is read is left out.
 *
 * @throws HydraError `HYDRA_RUN_DIRECTORY` when there is no run in it that can be understood.
 */
export async function readRun(directory: string, options: ReadRunOptions = {}): Promise<RunReader> {
  const folder = path.resolve(directory);
  const info = readRunInfo(folder);
  if (info === undefined) throw noRun(folder);
  const onDamage = tellOnce(options.onDamage ?? warn);
  const segments = await listSegments(folder, info, onDamage);
  const failures = await listFailures(folder, info);
  const { end } = info.source;
  const outcomes = (): AsyncGenerator<Outcome, void, undefined> => {
    const all = readAll(segments, failures, onDamage);
    return end === undefined ? all : before(end, all);
  };
  return {
    directory: folder,
    info,
    outcomes,
    async *responses() {
      for await (const outcome of outcomes())
        if (outcome.kind === 'response') yield outcome.response;
    },
    async *failures() {
      for await (const outcome of outcomes()) if (outcome.kind === 'failure') yield outcome.failure;
    },
  };
}

/** Outcomes come in the order of the source. */
async function* before(
  end: number,
  outcomes: AsyncGenerator<Outcome, void, undefined>,
): AsyncGenerator<Outcome, void, undefined> {
  for await (const outcome of outcomes) {
    if (outcomeId(outcome) >= end) return;
    yield outcome;
  }
}

function readAll(
  segments: readonly SegmentInfo[],
  failures: readonly SegmentRef[],
  onDamage: (damage: Damage) => void,
): AsyncGenerator<Outcome, void, undefined> {
  // A response comes before a failure of the same request, which was tried again since.
  const all = [
    ...segments.toReversed().map((one) => new ListedSegment(one)),
    ...failures.toReversed(),
  ];
  return mergeOutcomes(all.map((one) => new SegmentCursor(one, onDamage)));
}

/** A segment that the run may compress while it is read. */
class ListedSegment implements SegmentRef {
  path: string;
  readonly firstId: number;
  readonly lastId: number;
  readonly count: number;

  constructor({ file, firstId, lastId, count }: SegmentInfo) {
    this.path = file;
    this.firstId = firstId;
    this.lastId = lastId;
    this.count = count;
  }

  locate(): void {
    this.path = whereIs(this.path);
  }
}

/** All segments with absolute paths; those that `run.json` does not know are looked through. */
async function listSegments(
  folder: string,
  info: RunInfo,
  onDamage: (damage: Damage) => void,
): Promise<SegmentInfo[]> {
  const known = new Map(info.segments.map((one) => [stemOf(path.resolve(folder, one.file)), one]));
  const { origin } = new URL(info.api.baseUrl);
  const segments: SegmentInfo[] = [];
  const seen = new Set<string>();
  for (const one of findSegments(folder, tmpdir(), info.segments)) {
    // While it is being compressed, it is there twice.
    if (seen.has(one.stem)) continue;
    seen.add(one.stem);
    const listed = known.get(one.stem);
    const segment =
      listed === undefined || listed.isOpen
        ? { ...(await scanSegment(one.path, origin, () => undefined, onDamage)), isOpen: true }
        : { ...listed, file: one.path };
    if (segment.count > 0) segments.push(segment);
  }
  for (const [stem, { count }] of known) {
    if (seen.has(stem)) continue;
    onDamage({ file: stem, line: 1, reason: `the file is gone, and ${count} outcomes with it` });
  }
  return segments;
}

/** What is damaged in them is told when they are read. */
async function listFailures(folder: string, info: RunInfo): Promise<SegmentRef[]> {
  const { origin } = new URL(info.api.baseUrl);
  const slices: SegmentRef[] = [];
  for (const file of findFailures(folder, tmpdir())) {
    const slicer = new FailureSlicer(file);
    await scanSegment(
      file,
      origin,
      (found) => slicer.add(found),
      () => undefined,
    );
    slices.push(...slicer.slices);
  }
  return slices;
}

function tellOnce(tell: (damage: Damage) => void): (damage: Damage) => void {
  const told = new Set<string>();
  return (damage) => {
    const place = `${damage.file}:${damage.line}`;
    if (told.has(place)) return;
    told.add(place);
    tell(damage);
  };
}

function warn({ file, line, reason }: Damage): void {
  stderrLogger('warning').warn(`Line ${line} of ${file} is skipped: ${reason}`);
}
