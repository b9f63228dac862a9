/**
 * Limits that are told by one header each for what is admitted, left and when it begins anew:
 * `RateLimit-*` of the drafts up to 6, and the `X-RateLimit-*` that everybody understands a bit
 * differently.
 */
import { headerNumber, leftOver, LONGEST_WINDOW_MS, quota, windowMs } from './header-number.js';
import type { ToldPolicy } from './rate-limit-fields.js';
import type { ToldWindow } from './told-window.js';

/** The headers of one family, each as it came. */
export interface CountedHeaders {
  readonly limit: string | undefined;
  readonly remaining: string | undefined;
  readonly reset: string | undefined;
}

/** Now, for resets that are told as times. */
export interface ServerNow {
  /** By our clock, milliseconds since the Unix epoch. */
  readonly wallNowMs: number;
  /** The `Date` header of the answer. */
  readonly date: string | undefined;
}

interface ToldLimit {
  readonly requests: number | undefined;
  readonly perMs: number | undefined;
}

/** A clock that differs from the server's by no more than this is taken at its word: `Date` has no fractions. */
const CLOCKS_AGREE_MS = 2000;

/** A quota with the length of its window, such as `100;w=60`. */
const WITH_WINDOW = /^([^;]*)(?:;.*\b(?:w|window)=(\d+).*|;.*)?$/;

/**
 * The windows that a family of headers tells. Each header may list several values: the first of each
 * belong together, then the second, and so on. Where there is more than one limit but only one value
 * is left, that is of the first; further ones with a length, as in `100, 100;w=60`, are policies.
 *
 * @param policies - what `RateLimit-Policy` says: lengths for limits of which only the quota is told.
 */
export function countedWindows(
  name: string,
  headers: CountedHeaders,
  policies: readonly ToldPolicy[],
  now: ServerNow,
): readonly ToldWindow[] {
  const limits = listOf(headers.limit).map(parseLimit);
  const remaining = listOf(headers.remaining).map((text) => leftOver(headerNumber(text)));
  const resets = listOf(headers.reset).map((text) => resetInMs(headerNumber(text), now));
  const lengthOf = (requests: number | undefined): number | undefined =>
    [...limits, ...policies].find((one) => one.requests === requests && one.perMs !== undefined)
      ?.perMs;
  const windows: ToldWindow[] = remaining.map((left, index) => {
    const { requests, perMs = lengthOf(requests) } = limits[index] ?? {};
    const label = index === 0 ? name : `${name} ${index + 1}`;
    return { name: label, requests, perMs, remaining: left, resetMs: resets[index] };
  });
  const silent = limits.slice(Math.max(1, remaining.length)).filter(({ perMs }) => perMs);
  return [...windows, ...silent.map((limit) => windowOfLimit(name, limit))];
}

/**
 * Milliseconds until a reset that is told as a time since the epoch in seconds or milliseconds, or as
 * seconds from now: which of them is told apart by size, since they lie far apart. `undefined` when
 * it is none of them.
 */
function resetInMs(reset: number | undefined, now: ServerNow): number | undefined {
  if (reset === undefined) return undefined;
  if (reset * 1000 <= LONGEST_WINDOW_MS) return reset * 1000;
  const isNear = (timeMs: number): boolean => Math.abs(timeMs - now.wallNowMs) <= LONGEST_WINDOW_MS;
  if (isNear(reset * 1000)) return Math.max(0, reset * 1000 - serverNowMs(now));
  if (isNear(reset)) return Math.max(0, reset - serverNowMs(now));
  return undefined;
}

/** The server's time: ours, unless its `Date` says that one of the two clocks is wrong. */
function serverNowMs({ wallNowMs, date }: ServerNow): number {
  const dateMs = date === undefined ? Number.NaN : Date.parse(date);
  return Math.abs(dateMs - wallNowMs) > CLOCKS_AGREE_MS ? dateMs : wallNowMs;
}

function parseLimit(text: string): ToldLimit {
  const [, count = '', seconds = ''] = WITH_WINDOW.exec(text) ?? [];
  return { requests: quota(headerNumber(count)), perMs: windowMs(headerNumber(seconds)) };
}

function windowOfLimit(name: string, { requests, perMs }: ToldLimit): ToldWindow {
  const label = `${name} ${requests};w=${(perMs ?? 0) / 1000}`;
  return { name: label, requests, perMs, remaining: undefined, resetMs: undefined };
}

function listOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(',');
}
