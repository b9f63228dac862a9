/** The first of two readings: which fields there are, and which types their values have. */
import { HydraError } from '../../errors.js';
import { kindOf, NO_KINDS, typeFor, type ColumnType, type Kinds } from './column-type.js';
import { isObject } from './json-value.js';
import { refuseDoubles, type Column, type ColumnSource, type SelectItem } from './select.js';
import { readValue, type Subject } from './subject.js';

/** A column whose values are known. */
export interface TypedColumn extends Column {
  readonly type: ColumnType;
}

/** More fields are no table, but objects whose names are data. */
const MOST_FIELDS = 2000;

/**
 * The columns for some subjects. Those for fields stand in the order in which the fields came.
 *
 * @throws HydraError `HYDRA_EXPORT` when there are too many fields, or two columns of one name.
 */
export async function scanColumns(
  subjects: AsyncIterable<Subject>,
  items: readonly SelectItem[],
): Promise<readonly TypedColumn[]> {
  const fields = new Map<string, Kinds>();
  const columns = items.filter((item) => item !== 'fields');
  const kinds = columns.map(({ source }) => usualKind(source));
  const wantsFields = columns.length < items.length;
  for await (const subject of subjects) {
    for (const [at, { source }] of columns.entries()) {
      kinds[at] = (kinds[at] ?? NO_KINDS) | kindOf(readValue(source, subject));
    }
    if (wantsFields) noteFields(fields, subject);
  }
  const typed = columns.map(({ name, source }, at) => ({
    name,
    source,
    type: typeFor(kinds[at] ?? NO_KINDS),
  }));
  const place = items.indexOf('fields');
  if (place !== -1) typed.splice(place, 0, ...fieldColumns(fields));
  refuseDoubles(typed);
  return typed;
}

/** Facts have the same type in every export, also where none of them is known. */
function usualKind(source: ColumnSource): Kinds {
  if (source.kind === 'path') return NO_KINDS;
  switch (source.fact) {
    case 'id':
    case 'status':
    case 'attempts':
    case 'ms':
      return kindOf(0);
    case 'at':
      return kindOf(new Date(0));
    case 'method':
    case 'url':
    case 'key':
    case 'app':
    case 'code':
    case 'message':
      return kindOf('');
  }
}

function noteFields(fields: Map<string, Kinds>, { value }: Subject): void {
  if (!isObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    fields.set(name, (fields.get(name) ?? NO_KINDS) | kindOf(member));
  }
  if (fields.size > MOST_FIELDS) {
    throw new HydraError(
      'HYDRA_EXPORT',
      `Expected the bodies to have at most ${MOST_FIELDS} different fields, got more: choose columns with --select.`,
    );
  }
}

function fieldColumns(fields: ReadonlyMap<string, Kinds>): TypedColumn[] {
  return [...fields].map(([name, kinds]) => ({
    name,
    source: { kind: 'path', path: [name] },
    type: typeFor(kinds),
  }));
}
