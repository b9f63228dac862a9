const UNITS_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** The units that {@link timeSpanMs} knows, as messages name them. */
export const TIME_UNITS: string = Object.keys(UNITS_MS).join(', ');

/** Reads `90s`, `1.5h` or `min`, which is one of it: milliseconds, 0 or more; `undefined` for anything else. */
export function timeSpanMs(text: string): number | undefined {
  const [, figure, unit = ''] = /^(\d*\.?\d*)([a-z]+)$/.exec(text) ?? [];
  const spanMs = (figure === '' ? 1 : Number(figure)) * (UNITS_MS[unit] ?? Number.NaN);
  return spanMs < Infinity ? spanMs : undefined;
}
