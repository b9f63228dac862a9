/** A way into a body: `campus[0].name`. */
import { isObject, type JsonValue } from './json-value.js';

/** Names of members and numbers of elements, from outside in. Empty: the whole. */
export type JsonPath = readonly (string | number)[];

/** What lies at the end of a path; `undefined` when it leads nowhere. */
export function followPath(value: JsonValue | undefined, path: JsonPath): JsonValue | undefined {
  let found = value;
  for (const step of path) {
    if (typeof step === 'number') found = Array.isArray(found) ? found[step] : undefined;
    else found = isObject(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return found;
}
