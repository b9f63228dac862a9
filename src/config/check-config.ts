/** Checks a configuration, with errors that say where, what was expected and what came. */
import type { z } from 'zod';
import { nearestName } from '../nearest-name.js';
import { configError, describeUnread, type ConfigPath } from './config-error.js';
import type { Config } from './config.js';
import { apisSchema, oneApiSchema } from './config-schema.js';
import { expectedAt, namesAt, valueAt } from './schema-at.js';

/**
 * Returns the configuration, checked: several APIs where it has `apis`, else one.
 *
 * @throws HydraError `HYDRA_CONFIG` for the first thing that is wrong.
 */
export function checkConfig(given: unknown, file: string): Config {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    const came = describeUnread(given, []);
    throw configError(file, [], `expected an object with \`apis\`, or with one API, got ${came}.`);
  }
  const isOne = !Object.hasOwn(given, 'apis');
  const [schema, other] = isOne ? [oneApiSchema, apisSchema] : [apisSchema, oneApiSchema];
  const stray = Object.keys(given).find((key) => !hasName(schema, key) && hasName(other, key));
  if (stray !== undefined) {
    throw configError(
      file,
      [stray],
      isOne
        ? 'expected only beside `apis`, which is not there.'
        : 'expected under the name of an API in `apis`: a file has either `apis`, or one API at its top.',
    );
  }
  return checkPart(schema, given, file, [], Object.keys(other.shape)) as Config;
}

function hasName(schema: z.ZodObject, key: string): boolean {
  return Object.hasOwn(schema.shape, key);
}

/**
 * The same for a part of it, which stands at `at`.
 *
 * @param others - names that might have been meant at its top, too.
 */
export function checkPart<T>(
  schema: z.ZodType<T>,
  given: unknown,
  file: string,
  at: ConfigPath,
  others: readonly string[] = [],
): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const fault = firstFault(result.error.issues, []);
  if (fault === undefined) throw result.error;
  const { issue, path } = fault;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const place = [...at, ...path, key];
    const known = [...namesAt(schema, path, given), ...(path.length === 0 ? others : [])];
    throw configError(file, place, `is not known. ${hint(key, [...new Set(known)])}`);
  }
  const value = valueAt(given, path);
  const near = issue.code === 'invalid_union' ? nearOption(issue, value) : '';
  const expected =
    issue.code === 'invalid_key'
      ? 'a name of letters, digits, ".", "_" and "-"'
      : (expectedAt(schema, path, given) ?? expectedOf(issue));
  const place = [...at, ...path];
  const came = issue.code === 'invalid_key' ? 'another one' : describeUnread(value, place);
  throw configError(file, place, `expected ${expected}, got ${came}.${near}`);
}

interface Fault {
  readonly issue: z.core.$ZodIssue;
  readonly path: ConfigPath;
}

/**
 * The first of some issues; where a name is missing, one that is not known was probably meant to be it. Of
 * what may be made by code or written down, what is written down is meant: it comes last.
 */
function firstFault(issues: readonly z.core.$ZodIssue[], above: ConfigPath): Fault | undefined {
  const [first] = issues;
  if (first === undefined) return undefined;
  const parent = first.path.slice(0, -1);
  const misspelt = issues.find(
    ({ code, path }) => code === 'unrecognized_keys' && isSame(path, parent),
  );
  const issue = misspelt ?? first;
  const path = [...above, ...issue.path];
  const inner =
    issue.code === 'invalid_union' ? firstFault(issue.errors.at(-1) ?? [], path) : undefined;
  return inner ?? { issue, path };
}

function isSame(path: ConfigPath, other: ConfigPath): boolean {
  return path.length === other.length && path.every((key, index) => key === other[index]);
}

/** Names the kinds of a union of which the given one is none. */
function nearOption(issue: z.core.$ZodIssueInvalidUnion, value: unknown): string {
  const { options } = issue as unknown as { options?: readonly string[] };
  return options === undefined ? '' : ` ${hint(value, options)}`;
}

/** The nearest of the known names, or all of them. */
export function hint(name: unknown, known: readonly string[]): string {
  if (known.length === 0) return 'There are none.';
  const nearest = nearestName(String(name), known);
  return nearest === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean ${nearest}?`;
}

/** For what does not say what it expects. */
function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') return 'a known type';
  if (issue.code !== 'invalid_type') return 'something else';
  return typeNames[issue.expected] ?? `the type ${issue.expected}`;
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};
