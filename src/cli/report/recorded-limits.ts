/** The limits that a run was begun with. */
import type { Limit } from '../../limits/limit.js';

/** Reads the limits that `run.json` may hold among its options. Anything else gives none. */
export function limitsOf(options: Readonly<Record<string, unknown>>): Limit[] {
  const limits = options['limits'];
  return Array.isArray(limits) && limits.every(isLimit) ? limits : [];
}

function isLimit(value: unknown): value is Limit {
  const { requests, perMs } = (value ?? {}) as Partial<Limit>;
  return typeof requests === 'number' && requests > 0 && typeof perMs === 'number' && perMs > 0;
}
