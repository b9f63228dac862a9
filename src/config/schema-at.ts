/** What a schema says of a place in what it checks. */
import { z } from 'zod';
import type { ConfigPath } from './config-error.js';

/** What stands at a place; `undefined` where there is no such place. */
export function valueAt(given: unknown, path: ConfigPath): unknown {
  let value = given;
  for (const key of path) value = (value as Record<PropertyKey, unknown> | null | undefined)?.[key];
  return value;
}

/** What is expected there, where the schema has words for it. */
export function expectedAt(
  schema: z.ZodType,
  path: ConfigPath,
  given: unknown,
): string | undefined {
  const part = schemaAt(schema, path, given);
  const expected = part?.meta()?.['expected'] ?? (part && unwrapped(part).meta()?.['expected']);
  return expected as string | undefined;
}

/** The names that may stand there. */
export function namesAt(schema: z.ZodType, path: ConfigPath, given: unknown): string[] {
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
