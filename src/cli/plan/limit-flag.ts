import { InvalidArgumentError } from 'commander';
import type { Limit } from '../../limits/limit.js';

const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** Reads `2/1s`, `1200/h` or `30/15min`, and adds it to those that were given before. */
export function limitFlag(text: string, before: readonly Limit[] | undefined): readonly Limit[] {
  const match = /^(\d+)\/(\d*\.?\d*)(ms|s|min|h|d)$/.exec(text);
  const requests = Number(match?.[1]);
  const units = match?.[2] === '' ? 1 : Number(match?.[2]);
  const perMs = units * (UNITS_MS[match?.[3] ?? ''] ?? Number.NaN);
  if (requests >= 1 && Number.isSafeInteger(requests) && perMs > 0 && perMs < Infinity) {
    return [...(before ?? []), { requests, perMs }];
  }
  throw new InvalidArgumentError(
    'Expected requests/window such as 2/1s, 1200/1h or 30/15min (ms, s, min, h, d).',
  );
}
