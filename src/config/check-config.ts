/** Checks a configuration, with errors that say where, what was expected and what came. */
import { z } from 'zod';
import { nearestName } from '../nearest-name.js';
import { configError, describeUnread, type ConfigPath } from './config-error.js';
import type { Config } from './config.js';
import { apisSchema, oneApiSchema } from './config-schema.js';

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
  const [first] = result.error.issues;
  if (first === undefined) throw result.error;
  const { issue, path } = innermost(first, []);
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
  const came = issue.code === 'invalid_key' ? 'another one' : describeUnread(value, path);
  throw configError(file, [...at, ...path], `expected ${expected}, got ${came}.${near}`);
}

/** Of what may be made by code or written down, what is written down is meant: it comes last. */
function innermost(
  issue: z.core.$ZodIssue,
  above: ConfigPath,
): { issue: z.core.$ZodIssue; path: ConfigPath } {
  const path = [...above, ...issue.path];
  const inner = issue.code === 'invalid_union' ? issue.errors.at(-1)?.[0] : undefined;
  return inner === undefined ? { issue, path } : innermost(inner, path);
}

/** Names the kinds of a union of which the given one is none. */
function nearOption(issue: z.core.$ZodIssueInvalidUnion, value: unknown): string {
  const { options } = issue as unknown as { options?: readonly string[] };
  return options === undefined ? '' : ` ${hint(value, options)}`;
}

/** The nearest of the known names, or all of them. */
export function hint(name: unknown, known: readonly string[]): string {
  const nearest = nearestName(String(name), known);
  return nearest === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean ${nearest}?`;
}

function valueAt(given: unknown, path: ConfigPath): unknown {
  let value = given;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return value;
}

function expectedAt(schema: z.ZodType, path: ConfigPath, given: unknown): string | undefined {
  const part = schemaAt(schema, path, given);
  const expected = part?.meta()?.['expected'] ?? (part && unwrapped(part).meta()?.['expected']);
  return expected as string | undefined;
}

/** For what does not say what it expects. */
function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union') return 'a known type';
  if (issue.code !== 'invalid_type') return 'something else';
  return issue.expected === 'string' ? 'a text' : `the type ${issue.expected}`;
}

function namesAt(schema: z.ZodType, path: ConfigPath, given: unknown): string[] {
  const part = schemaAt(schema, path, given);
  const inner = part === undefined ? undefined : chosen(unwrapped(part), valueAt(given, path));
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

/** The part of a schema that a path leads to; of a union, the part for what is written down. */
function schemaAt(schema: z.ZodType, path: ConfigPath, given: unknown): z.ZodType | undefined {
  let part: z.ZodType | undefined = schema;
  let value = given;
  for (const key of path) {
    if (part === undefined) return undefined;
    part = partOf(chosen(unwrapped(part), value), key);
    value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  }
  return part;
}

function partOf(schema: z.ZodType, key: PropertyKey): z.ZodType | undefined {
  if (schema instanceof z.ZodObject) return schema.shape[key as string] as z.ZodType | undefined;
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  return undefined;
}

function unwrapped(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrapped(schema.unwrap() as z.ZodType) : schema;
}

function chosen(schema: z.ZodType, value: unknown): z.ZodType {
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const type = (value as { type?: unknown } | null | undefined)?.type;
    const options = schema.options as z.ZodObject[];
    return (
      options.find((option) => (option.shape['type'] as z.ZodLiteral).value === type) ?? schema
    );
  }
  if (!(schema instanceof z.ZodUnion)) return schema;
  return chosen(unwrapped(schema.options.at(-1) as z.ZodType), value);
}
