/** Numbers in headers that tell limits. What is none, or makes no sense, is `undefined`. */

/** No quota is that large, and no window that long: whoever says so errs. */
const MOST_REQUESTS = 1e12;
/** A leap year. */
export const LONGEST_WINDOW_MS: number = 366 * 86_400_000;

const NOT_NEGATIVE = /^\d{1,15}(?:\.\d{1,9})?$/;

/** A number of 0 or more, as it stands in a header. */
export function headerNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return NOT_NEGATIVE.test(trimmed) ? Number(trimmed) : undefined;
}

/** A number of requests that a window may admit: whole, at least 1. */
export function quota(value: unknown): number | undefined {
  const requests = leftOver(value);
  return requests !== undefined && requests >= 1 ? requests : undefined;
}

/** A number of requests that may be left: whole, 0 or more. Some servers tell fractions. */
export function leftOver(value: unknown): number | undefined {
  if (typeof value !== 'number' || !(value >= 0 && value <= MOST_REQUESTS)) return undefined;
  return Math.floor(value);
}

/** Seconds as milliseconds, where they may be the length of a window. */
export function windowMs(seconds: unknown): number | undefined {
  const ms = untilMs(seconds);
  return ms !== undefined && ms > 0 ? ms : undefined;
}

/** Seconds as milliseconds, where a window may end that much later. */
export function untilMs(seconds: unknown): number | undefined {
  if (typeof seconds !== 'number' || !(seconds >= 0)) return undefined;
  return seconds * 1000 <= LONGEST_WINDOW_MS ? seconds * 1000 : undefined;
}
