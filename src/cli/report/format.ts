/** Figures as people read them. Between a figure and its unit stands a space that does not break. */

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** `12,345`. */
export function count(value: number): string {
  return whole.format(value);
}

/** `1 request`, `12,345 requests`. */
export function counted(value: number, noun: string, nouns = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : nouns}`;
}

/** A figure with three digits: `0.123`, `1.23`, `12.3`, `1,234`. */
export function threeDigits(value: number): string {
  if (value === 0) return '0';
  // Of the rounded value: 0.9997 is 1.00.
  const rounded = Math.abs(Number(value.toPrecision(3)));
  const digits = Math.max(0, 2 - Math.floor(Math.log10(rounded)));
  return new Intl.NumberFormat('en-US', {
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: Math.min(digits, 3),
  }).format(value);
}

/** `97.6%`. What is not nothing is never shown as 0%, and what is not all never as 100%. */
export function percent(fraction: number): string {
  if (fraction === 0 || fraction === 1) return `${fraction * 100}%`;
  const rounded = (fraction * 100).toFixed(1);
  if (rounded === '0.0') return '<0.1%';
  if (rounded === '100.0' && fraction < 1) return '>99.9%';
  return `${rounded}%`;
}

/** The part of `total` that `value` is, as a percentage; 0% of nothing. */
export function share(value: number, total: number): string {
  return percent(total === 0 ? 0 : value / total);
}

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
];

/** `0.42 ms`, `83 ms`, `1.24 s`, `43 min 20 s`, `2 d 3 h`: the two largest units. */
export function duration(ms: number): string {
  if (ms < 10) return `${threeDigits(ms)}\u00a0ms`;
  if (ms < 999.5) return `${ms.toFixed(0)}\u00a0ms`;
  if (ms < 59_950) return `${ms % 1000 === 0 ? ms / 1000 : threeDigits(ms / 1000)}\u00a0s`;
  // Rounded to what is shown first, so that no `60 s` comes out.
  const smallest = ms < 3_600_000 ? 1000 : ms < 86_400_000 ? 60_000 : 3_600_000;
  let rest = Math.round(ms / smallest) * smallest;
  const parts: string[] = [];
  for (const [name, unitMs] of UNITS) {
    const units = Math.floor(rest / unitMs);
    rest -= units * unitMs;
    if (units > 0) parts.push(`${units}\u00a0${name}`);
  }
  return parts.slice(0, 2).join('\u00a0');
}

/** `512 B`, `2.28 MB`, in powers of 1000. */
export function bytes(value: number): string {
  if (value < 1000) return `${count(value)}\u00a0B`;
  const names = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let scaled = value / 1000;
  let index = 0;
  while (scaled >= 999.5 && index < names.length - 1) {
    scaled /= 1000;
    index += 1;
  }
  return `${threeDigits(scaled)}\u00a0${names[index]}`;
}

/** Cuts a long text in its middle, where it is least missed in a URL. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const half = Math.floor((maxLength - 1) / 2);
  return `${text.slice(0, half)}…${text.slice(-half)}`;
}

/** Points in time, in one time zone. */
export interface TimeFormat {
  readonly timeZone: string;
  /** `24 Nov 2026, 09:00:12`. Milliseconds since the Unix epoch. */
  dateTime(atMs: number): string;
  /** `24 Nov 2026, 09:00:12 – 10:30:00`. */
  range(fromMs: number, toMs: number): string;
}

/** @param timeZone - an IANA name: `Europe/Berlin`. */
export function timeFormat(timeZone: string): TimeFormat {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return {
    timeZone,
    dateTime: (atMs) => format.format(atMs),
    range: (fromMs, toMs) => format.formatRange(fromMs, toMs),
  };
}
