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
  const dateMs = Date.parse(value);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - wallNowMs);
}
