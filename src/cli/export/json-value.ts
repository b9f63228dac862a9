/** JSON read and written so that whole numbers keep all their digits. */

/** What JSON can say. A whole number is a `bigint` where a `number` would change its digits. */
export type JsonValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A whole number that may lose digits, or something in a text that looks like one. */
const LONG_NUMBER = /(?:^|[\s,:[])-?\d{16,}(?![\d.eE])/;

/** The value of a text; `undefined` when it is no JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    return LONG_NUMBER.test(text) ? new ExactReader(text).read() : value;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The JSON of a value. */
export function toJsonText(value: JsonValue): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    // It takes no `bigint`. That is rare, and this way is the faster one by far.
    if (error instanceof TypeError) return writeExact(value);
    throw error;
  }
}

/** True for an object that is no list. */
export function isObject(value: unknown): value is { readonly [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Commas and colons are passed over: the text is known to be JSON. */
const TOKEN = /[\s,:]*("[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]|[^\s,:{}[\]"]+)/y;
const WHOLE_NUMBER = /^-?\d+$/;

/** Reads a text that is known to be JSON. */
class ExactReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): JsonValue {
    return this.#value(this.#next());
  }

  #next(): string {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.#text)?.[1];
    if (token === undefined) throw new SyntaxError(`no token at ${this.#at}`);
    this.#at = TOKEN.lastIndex;
    return token;
  }

  #value(token: string): JsonValue {
    if (token === '[') {
      const list: JsonValue[] = [];
      for (let item = this.#next(); item !== ']'; item = this.#next()) list.push(this.#value(item));
      return list;
    }
    if (token === '{') {
      const entries: [string, JsonValue][] = [];
      for (let key = this.#next(); key !== '}'; key = this.#next()) {
        entries.push([JSON.parse(key) as string, this.#value(this.#next())]);
      }
      return Object.fromEntries(entries);
    }
    const isLong = WHOLE_NUMBER.test(token) && !Number.isSafeInteger(Number(token));
    return isLong ? BigInt(token) : (JSON.parse(token) as JsonValue);
  }
}

function writeExact(value: JsonValue): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(writeExact).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, member]) => `${JSON.stringify(key)}:${writeExact(member)}`,
  );
  return `{${members.join(',')}}`;
}
