/** Checks what a caller hands over against a schema, with errors that say what was expected. */
import { z } from 'zod';
import { describeValue, HydraError } from './errors.js';
import { nearestName } from './nearest-name.js';

/** Names under which no value is ever shown. */
const SECRET_NAME = /password|secret|token|otp|credential|key$/i;

/**
 * Returns `given`, checked.
 *
 * @param schema - each of its parts carries `meta({ expected })`, which the error quotes.
 * @throws HydraError `HYDRA_INVALID_OPTION`, naming the option, what was expected and what came.
 */
export function checkOptions<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  if (issue === undefined) throw result.error;
  if (issue.code === 'unrecognized_keys') {
    throw unknownOption([...issue.path, issue.keys[0] ?? ''], knownKeys(schema, issue.path));
  }
  const name = pathName(issue.path);
  const value = valueAt(given, issue.path);
  const shown = SECRET_NAME.test(name) ? describeType(value) : describeValue(value);
  const expected = expectedAt(schema, issue.path) ?? expectedType(issue);
  throw new HydraError(
    'HYDRA_INVALID_OPTION',
    `Expected \`${name}\` to be ${expected}, got ${shown}.`,
    { name },
  );
}

/** The type alone, of what may be a secret. */
function describeType(value: unknown): string {
  const isPrimitive = value !== undefined && value !== null && typeof value !== 'object';
  return isPrimitive ? `another ${typeof value}` : describeValue(value);
}

/** For parts of a schema that do not say what they expect. */
function expectedType(issue: z.core.$ZodIssue): string {
  if (issue.code !== 'invalid_type') return 'something else';
  return `${/^[aeiou]/.test(issue.expected) ? 'an' : 'a'} ${issue.expected}`;
}

function unknownOption(path: readonly PropertyKey[], known: readonly string[]): HydraError {
  const name = pathName(path);
  const nearest = nearestName(String(path.at(-1)), known);
  const hint =
    nearest === undefined ? `Known are: ${known.join(', ')}.` : `Did you mean \`${nearest}\`?`;
  return new HydraError('HYDRA_INVALID_OPTION', `Unknown option \`${name}\`. ${hint}`, { name });
}

function pathName(path: readonly PropertyKey[]): string {
  return (
    path
      .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
      .join('')
      .replace(/^\./, '') || 'options'
  );
}

function valueAt(given: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    given,
  );
}

/** The part of a schema that a path leads to, without `optional` around it. */
function schemaAt(schema: z.ZodType, path: readonly PropertyKey[]): z.ZodType | undefined {
  let part: z.ZodType | undefined = schema;
  for (const key of path) {
    const inner = unwrap(part);
    if (inner instanceof z.ZodObject) part = inner.shape[key as string] as z.ZodType | undefined;
    else if (inner instanceof z.ZodArray) part = inner.element as z.ZodType;
    else return undefined;
  }
  return part;
}

function unwrap(schema: z.ZodType | undefined): z.ZodType | undefined {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}

function expectedAt(schema: z.ZodType, path: readonly PropertyKey[]): string | undefined {
  const part = schemaAt(schema, path);
  return (part?.meta()?.['expected'] ?? unwrap(part)?.meta()?.['expected']) as string | undefined;
}

function knownKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const part = unwrap(schemaAt(schema, path));
  return part instanceof z.ZodObject ? Object.keys(part.shape) : [];
}
