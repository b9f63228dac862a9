/** `--select`: which columns a table has, and where their values come from. */
import { HydraError } from '../../errors.js';
import type { FactName } from './facts.js';
import type { JsonPath } from './json-path.js';
import { SelectText } from './select-text.js';

/** Where the values of a column come from. */
export type ColumnSource =
  | { readonly kind: 'fact'; readonly fact: FactName }
  /** An empty path is the whole body, or the whole element. */
  | { readonly kind: 'path'; readonly path: JsonPath };

/** A column of a table. */
export interface Column {
  readonly name: string;
  readonly source: ColumnSource;
}

/** A column, or a column for each field that any body has. */
export type SelectItem = Column | 'fields';

const WHOLE_NAME = 'body';

/**
 * Reads what was written after `--select`.
 *
 * @param facts - the names that may stand after `@`.
 * @throws HydraError `HYDRA_EXPORT` that names the place and what was expected there.
 */
export function parseSelect(text: string, facts: readonly FactName[]): readonly SelectItem[] {
  const input = new SelectText('--select', text);
  const items: SelectItem[] = [];
  do items.push(readItem(input, facts));
  while (input.takes(','));
  if (!input.isAtEnd) throw input.unexpected('"," or the end');
  if (items.filter((item) => item === 'fields').length > 1) {
    throw new HydraError('HYDRA_EXPORT', 'Expected "*" only once in --select, got it twice.');
  }
  refuseDoubles(items.filter((item) => item !== 'fields'));
  return items;
}

/**
 * Reads a path that stands alone, as after `--each`.
 *
 * @throws HydraError `HYDRA_EXPORT` that names the place and what was expected there.
 */
export function parsePath(option: string, text: string): JsonPath {
  const input = new SelectText(option, text);
  const { path } = input.path('a path such as "items", or "." for the body itself');
  if (!input.isAtEnd) throw input.unexpected('".", "[" or the end');
  return path;
}

/** @throws HydraError `HYDRA_EXPORT` when two columns have the same name. */
export function refuseDoubles(columns: readonly Column[]): void {
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name)) {
      throw new HydraError(
        'HYDRA_EXPORT',
        `Expected each column to have a name of its own, got two named ${JSON.stringify(name)}: name one otherwise in --select, as in answer=@id.`,
        { name },
      );
    }
    names.add(name);
  }
}

function readItem(input: SelectText, facts: readonly FactName[]): SelectItem {
  const name = input.columnName();
  if (name === undefined && input.takes('*')) return 'fields';
  if (input.takes('@')) {
    const fact = input.oneOf(facts);
    return { name: name ?? fact, source: { kind: 'fact', fact } };
  }
  const others = name === undefined ? ', "*"' : '';
  const { path, text } = input.path(
    `a path such as "campus[0].name", a fact such as "@id"${others}`,
  );
  const own = path.length === 0 ? WHOLE_NAME : text;
  return { name: name ?? own, source: { kind: 'path', path } };
}
