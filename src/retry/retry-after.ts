/** A date as RFC 9110, section 5.6.7, has it, in any of its three forms: they begin with the weekday. */
const HTTP_DATE = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i;
/** The oldest of the three forms names no zone; all three mean GMT. */
const NAMES_GMT = / GMT$/i;

/**
 * Reads a `Retry-After` header: whole seconds, or a date (RFC 9110, section 10.2.3).
 *
 * @param wallNowMs - now, milliseconds since the Unix epoch.
 * @returns milliseconds from now, at least 0; `undefined` when there is no header, or none that can
 * be understood.
 */
export function retryAfterMs(
  header: string | readonly string[] | undefined,
  wallNowMs: number,
): number | undefined {
  const value = (typeof header === 'string' ? header : header?.[0])?.trim();
  if (value === undefined || value === '') return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  // A lenient parser would find a date in "-5" too, long ago, and the app would not be parked at all.
  if (!HTTP_DATE.test(value)) return undefined;
  const dateMs = Date.parse(NAMES_GMT.test(value) ? value : `${value} GMT`);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - wallNowMs);
}
