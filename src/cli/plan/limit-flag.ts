import { InvalidArgumentError } from 'commander';
import type { Limit } from '../../limits/limit.js';
import { TIME_UNITS, timeSpanMs } from '../time-span.js';

/** Reads `2/1s`, `1200/h` or `30/15min`, and adds it to those that were given before. */
export function limitFlag(text: string, before: readonly Limit[] | undefined): readonly Limit[] {
  const [, figure, window = ''] = /^(\d+)\/(.*)$/.exec(text) ?? [];
  const requests = Number(figure);
  const perMs = timeSpanMs(window);
  if (requests >= 1 && Number.isSafeInteger(requests) && perMs !== undefined && perMs > 0) {
    return [...(before ?? []), { requests, perMs }];
  }
  throw new InvalidArgumentError(
    `Expected requests/window such as 2/1s, 1200/1h or 30/15min (${TIME_UNITS}).`,
  );
}
