import { HydraError } from '../errors.js';

/** What stands among these may be a secret, numbers too. */
const SECRET_PARTS: ReadonlySet<PropertyKey> = new Set([
  'credentials',
  'headers',
  'auth',
  'apiOptions',
]);

/** Where something stands in a configuration. */
export type ConfigPath = readonly PropertyKey[];

/** A place, as messages name it: `apis.github.apps[0].id`; empty for the whole file. */
export function placeName(path: ConfigPath): string {
  const steps = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`;
    return /^[\w$-]+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(key)}]`;
  });
  return steps.join('').replace(/^\./, '');
}

/** Says what is wrong at a place in a configuration file, or with all of it. */
export function configError(file: string, at: ConfigPath | string, problem: string): HydraError {
  const name = typeof at === 'string' ? at : placeName(at);
  const place = name === '' ? '' : ` at \`${name}\``;
  return new HydraError('HYDRA_CONFIG', `${file}${place}: ${problem}`, {
    file,
    ...(name === '' ? {} : { name }),
  });
}

/**
 * A value without its text: any text in a configuration may be a secret, and so may anything that stands
 * among credentials and in ways to sign.
 */
export function describeUnread(value: unknown, path: ConfigPath): string {
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text';
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'function') return 'a function';
  const isSecret = path.some((key) => SECRET_PARTS.has(key));
  return isSecret ? `a ${typeof value}` : `${value as number | boolean}`;
}
