/** Reads the words of `--select` and `--each` one after the other, and says where they go wrong. */
import { HydraError } from '../../errors.js';
import type { JsonPath } from './json-path.js';

const COLUMN_NAME = /([^,=[\]"]*)=/y;
const KEY = /[^.,=[\]"\s*@](?:[^.,=[\]"]*[^.,=[\]"\s])?/y;
const INDEX = /\[\s*(\d{1,9})\s*\]/y;
const QUOTED_KEY = /\[\s*("[^"\\]*(?:\\.[^"\\]*)*")\s*\]/y;
const WORD = /\w*/y;
const SPACES = /\s*/y;

/** What was written after an option, and how far it is read. Spaces around words mean nothing. */
export class SelectText {
  readonly #option: string;
  readonly #text: string;
  #at = 0;

  constructor(option: string, text: string) {
    this.#option = option;
    this.#text = text;
    this.#match(SPACES);
  }

  get isAtEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** Reads a character, if it comes next. */
  takes(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    this.#match(SPACES);
    return true;
  }

  /** Reads the `name=` of a column, if there is one. */
  columnName(): string | undefined {
    const start = this.#at;
    const name = this.#word(COLUMN_NAME)?.[1]?.trim();
    if (name === '') throw this.unexpected('a name before "="', start);
    return name;
  }

  /** Reads one of some words. */
  oneOf<Name extends string>(names: readonly Name[]): Name {
    const start = this.#at;
    const word = this.#word(WORD)?.[0];
    const found = names.find((name) => name === word);
    if (found !== undefined) return found;
    throw this.unexpected(`one of ${names.map((name) => `@${name}`).join(', ')}`, start - 1);
  }

  /** Reads a path. Its text is without the dot that it may begin with. */
  path(expected: string): { readonly path: JsonPath; readonly text: string } {
    const begin = this.#at;
    const hasDot = this.takes('.');
    const start = this.#at;
    const first = this.#key() ?? this.#inBrackets();
    if (first === undefined) {
      if (!hasDot) throw this.unexpected(expected, begin);
      return { path: [], text: '' };
    }
    const path = [first];
    for (let step = this.#step(); step !== undefined; step = this.#step()) path.push(step);
    return { path, text: this.#text.slice(start, this.#at).trim() };
  }

  /** An error: something else comes next than what was expected. */
  unexpected(expected: string, at: number = this.#at): HydraError {
    const rest = this.#text.slice(at);
    const got =
      rest === '' ? 'the end' : JSON.stringify(rest.length > 20 ? `${rest.slice(0, 17)}...` : rest);
    return new HydraError(
      'HYDRA_EXPORT',
      `Expected ${expected} at character ${at + 1} of ${this.#option}, got ${got}.`,
      { name: this.#option },
    );
  }

  #step(): string | number | undefined {
    if (!this.takes('.')) return this.#inBrackets();
    const key = this.#key();
    if (key === undefined) throw this.unexpected('a name after "."');
    return key;
  }

  #key(): string | undefined {
    return this.#word(KEY)?.[0];
  }

  #inBrackets(): string | number | undefined {
    const start = this.#at;
    if (this.#text[start] !== '[') return undefined;
    const index = this.#word(INDEX)?.[1];
    if (index !== undefined) return Number(index);
    const key = parseString(this.#word(QUOTED_KEY)?.[1]);
    if (key === undefined) {
      throw this.unexpected('a number or a quoted name in brackets, [0] or ["a name"],', start);
    }
    return key;
  }

  /** Reads what matches, and the spaces after it. */
  #word(pattern: RegExp): RegExpExecArray | null {
    const match = this.#match(pattern);
    if (match !== null) this.#match(SPACES);
    return match;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at = pattern.lastIndex;
    return match;
  }
}

function parseString(text: string | undefined): string | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as string);
  } catch {
    return undefined;
  }
}
