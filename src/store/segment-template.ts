/** Names of segments: a template with two `%s`, the part number and Unix seconds. */
import { describeValue, HydraError } from '../errors.js';
import * as path from 'node:path';

/** How a segment's outcomes stand in its file. */
export type SegmentFormat = 'json' | 'jsonl' | 'text';

/** How a segment is compressed once it is full. */
export type SegmentCompression = 'gzip' | 'zstd';

/** What a template says. */
export interface SegmentTemplate {
  /** The folder that its segments are in; an absolute path. */
  readonly folder: string;
  readonly format: 'json' | 'jsonl';
  readonly compression: SegmentCompression | undefined;
  /** True when all parts are one file, which is appended to. */
  readonly isSingleFile?: boolean;
  /** The file name of a part, without the ending of its compression. */
  readonly fileName: (part: number, unixSeconds: number) => string;
}

/**
 * Reads a template such as `./.responses_%s_%s.json`.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` unless its file name holds exactly two `%s` and ends in
 * `.json` or `.jsonl`, or one of them and `.gz` or `.zst`.
 */
export function parseTemplate(
  template: string,
  option = 'responsesFilePathTemplate',
): SegmentTemplate {
  const { dir, base } = path.parse(template);
  const [before, between, after, ...more] = base.split('%s');
  const ending = /\.(json|jsonl)(\.gz|\.zst)?$/.exec(base);
  const isGood = after !== undefined && more.length === 0 && !dir.includes('%s') && ending !== null;
  if (!isGood) {
    throw new HydraError(
      'HYDRA_INVALID_OPTION',
      `Expected \`${option}\` to be a path whose file name has exactly two %s (part number, Unix seconds) and ends in .json, .jsonl, or one of them and .gz or .zst, got ${describeValue(template)}.`,
      { name: option },
    );
  }
  const compression = ending[2] === undefined ? undefined : ending[2] === '.gz' ? 'gzip' : 'zstd';
  const bare = after.slice(0, after.length - (ending[2]?.length ?? 0));
  return {
    folder: path.resolve(dir),
    format: ending[1] as 'json' | 'jsonl',
    compression,
    fileName: (part, unixSeconds) => `${before}${part}${between}${unixSeconds}${bare}`,
  };
}

/** The ending that a compression adds to a name. */
export function compressedEnding(compression: SegmentCompression): string {
  return compression === 'gzip' ? '.gz' : '.zst';
}
