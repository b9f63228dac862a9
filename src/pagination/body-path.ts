/** A way into a body or an item: `meta.pages[0].size`, `["a name"].x`; `.` is the whole. */
import { describeValue, HydraError } from '../errors.js';

/** Names of members and numbers of elements, from outside in. */
export type BodyPath = readonly (string | number)[];

const STEP = /\.?([^.[\]"\s]+)|\[(\d{1,9})\]|\[("[^"\\]*(?:\\.[^"\\]*)*")\]/y;

/** @throws HydraError `HYDRA_INVALID_OPTION`, naming the option, for what is no path. */
export function parseBodyPath(name: string, text: string): BodyPath {
  if (text === '.') return [];
  const path: (string | number)[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const isFirst = STEP.lastIndex === 0;
    const [step, key, index, quoted] = STEP.exec(text) ?? [];
    // A name that is not the first has a dot before it; an element's number and a quoted name have none.
    const isKey = key !== undefined && step?.startsWith('.') !== isFirst;
    if (isKey) path.push(key);
    else if (index !== undefined) path.push(Number(index));
    else if (quoted !== undefined) path.push(unquoted(name, text, quoted));
    else throw noPath(name, text);
  }
  if (path.length === 0) throw noPath(name, text);
  return path;
}

/** What lies at the end of a path; `undefined` when it leads nowhere. */
export function followBodyPath(value: unknown, path: BodyPath): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step))
      return undefined;
    found = (found as Record<string | number, unknown>)[step];
  }
  return found;
}

/**
 * A copy in which this value lies at the end of a path. Objects that lack on the way are made.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` where a text or the like is on the way, or a list without that element.
 */
export function withAtPath(whole: unknown, path: BodyPath, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  const part = whole ?? {};
  if (Array.isArray(part) && typeof step === 'number' && step < part.length) {
    const list = part as readonly unknown[];
    return list.with(step, withAtPath(list[step], rest, value));
  }
  if (typeof part === 'object' && !Array.isArray(part)) {
    const inner = Object.hasOwn(part, step) ? (part as Record<string, unknown>)[step] : undefined;
    return { ...part, [step]: withAtPath(inner, rest, value) };
  }
  const message = `Expected something in \`json\` that ${JSON.stringify(step)} can be put into, got ${describeValue(part)}.`;
  throw new HydraError('HYDRA_INVALID_OPTION', message, { name: 'json' });
}

function unquoted(name: string, text: string, quoted: string): string {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    throw noPath(name, text);
  }
}

function noPath(name: string, text: string): HydraError {
  return new HydraError(
    'HYDRA_INVALID_OPTION',
    `Expected \`${name}\` to be a path such as data.users[0] or ["a name"], got ${describeValue(text)}.`,
    { name },
  );
}
