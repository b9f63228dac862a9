/** What is to be exported, from what was asked for. */
import { HydraError } from '../../errors.js';
import { failureFacts, responseFacts } from './facts.js';
import type { JsonPath } from './json-path.js';
import { parsePath, parseSelect, type SelectItem } from './select.js';

/** The formats of an export. */
export const exportFormats = ['json', 'jsonl', 'csv', 'parquet'] as const;
type ExportFormat = (typeof exportFormats)[number];

/** What was asked for. */
export interface ExportOptions {
  /** Default: the one that `out` ends in. */
  readonly format?: ExportFormat | undefined;
  /** A file; `-` or nothing is the standard output. */
  readonly out?: string | undefined;
  /** Replaces the file. */
  readonly force?: boolean | undefined;
  /** The columns. */
  readonly select?: string | undefined;
  /** Where the list is whose elements become rows. */
  readonly each?: string | undefined;
  /** Failures in place of answers. */
  readonly failures?: boolean | undefined;
}

/** What is to be done. */
export interface ExportPlan {
  readonly format: ExportFormat;
  readonly file: string | undefined;
  readonly mayReplace: boolean;
  readonly isOfFailures: boolean;
  readonly each: JsonPath | undefined;
  /** The columns; `undefined` for the bodies as they are. */
  readonly items: readonly SelectItem[] | undefined;
}

const FAILURE_COLUMNS = '@id,@method,@url,@status,@attempts,@at,@code,@message';

/**
 * The plan of an export.
 *
 * @throws HydraError `HYDRA_EXPORT` when that cannot be.
 */
export function planExport(options: ExportOptions): ExportPlan {
  const isOfFailures = options.failures ?? false;
  const file = options.out === '-' ? undefined : options.out;
  const format = options.format ?? formatOf(file);
  if (format === 'parquet' && file === undefined) {
    throw new HydraError(
      'HYDRA_EXPORT',
      'Expected --out FILE for Parquet, got the standard output.',
    );
  }
  if (isOfFailures && options.each !== undefined) {
    throw new HydraError(
      'HYDRA_EXPORT',
      'Expected --failures without --each: failures have no body.',
    );
  }
  return {
    format,
    file,
    mayReplace: options.force ?? false,
    isOfFailures,
    each: options.each === undefined ? undefined : parsePath('--each', options.each),
    items: isOfFailures ? failureItems(options.select) : responseItems(options.select, format),
  };
}

function formatOf(file: string | undefined): ExportFormat {
  const found = exportFormats.find((format) => file?.toLowerCase().endsWith(`.${format}`));
  if (found !== undefined) return found;
  throw new HydraError(
    'HYDRA_EXPORT',
    `Expected --format to be one of ${exportFormats.join(', ')}, or --out to end in one of them, got neither.`,
  );
}

function failureItems(select: string = FAILURE_COLUMNS): readonly SelectItem[] {
  const items = parseSelect(select, failureFacts);
  if (items.every((item) => item !== 'fields' && item.source.kind === 'fact')) return items;
  throw new HydraError(
    'HYDRA_EXPORT',
    `Expected --select with --failures to name facts alone (@${failureFacts.join(', @')}), got a path: failures have no body.`,
  );
}

function responseItems(
  select: string | undefined,
  format: ExportFormat,
): readonly SelectItem[] | undefined {
  if (select !== undefined) return parseSelect(select, responseFacts);
  return format === 'json' || format === 'jsonl' ? undefined : ['fields'];
}
