/** Fills in `${NAME}` and `${NAME:-default}` from the environment, in every text of a configuration. */
import { configError, type ConfigPath } from './config-error.js';

/** Variables by name; one that is empty is taken for one that is missing. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `$${` stands for `${` itself. */
const PLACEHOLDER = /\$?\$\{([^}]*)\}?/g;
const CONTENT = /^([A-Za-z_]\w*)(?::-([^]*))?$/;

/**
 * A copy of `value` with every text filled in. What is made by code (functions, objects of a class, an
 * API, a way to sign) stays as it is.
 *
 * @throws HydraError `HYDRA_CONFIG` for a variable that is missing, or a placeholder that is none.
 */
export function fillPlaceholders(value: unknown, env: Environment, file: string): unknown {
  return fill(value, [], env, file);
}

function fill(value: unknown, path: ConfigPath, env: Environment, file: string): unknown {
  if (typeof value === 'string') return fillText(value, path, env, file);
  if (Array.isArray(value)) {
    return value.map((item, index) => fill(item, [...path, index], env, file));
  }
  if (!isData(value)) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(entries.map(([key, of]) => [key, fill(of, [...path, key], env, file)]));
}

/** True for what a file of data may hold, too. */
function isData(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.values(value).some((part) => typeof part === 'function')) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // What comes from a file that was evaluated may have the Object of another realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function fillText(text: string, path: ConfigPath, env: Environment, file: string): string {
  return text.replace(PLACEHOLDER, (all, content: string) => {
    if (all.startsWith('$$')) return all.slice(1);
    const [, name, fallback] = CONTENT.exec(content) ?? [];
    if (name === undefined || !all.endsWith('}')) {
      throw configError(
        file,
        path,
        'expected ${NAME} or ${NAME:-default} behind the sign $, got something else. Write $${ for the signs themselves.',
      );
    }
    const found = (Object.hasOwn(env, name) && env[name]) || fallback;
    if (found !== undefined) return found;
    throw configError(
      file,
      path,
      `expected the variable ${name} to be set, in the environment or (for the command line) in the file .env; it is missing or empty.`,
    );
  });
}
