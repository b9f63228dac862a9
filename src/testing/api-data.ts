/** What the API's paths lead to: lists with pages, filters and sorting; single things; errors. */
import { campus, cursus, type Users } from './users.js';

/** An answer, before it is put into HTTP. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Rows that are computed when asked for. */
interface Collection {
  readonly count: number;
  readonly row: (index: number) => Readonly<Record<string, unknown>>;
}

const DEFAULT_PAGE_SIZE = 30;
const LARGEST_PAGE_SIZE = 100;

/** Answers a GET below `/v2`; `undefined` when there is nothing there. */
export function readApi(users: Users, url: URL): ApiAnswer | undefined {
  const [, , first = '', second = '', third = ''] = url.pathname.split('/').map(decodeURIComponent);
  if (first === 'users' && second !== '' && third === '') {
    const index = users.indexOf(second);
    return index === undefined ? undefined : { status: 200, body: users.full(index) };
  }
  const collection = collectionAt(users, first, second, third);
  return collection === undefined ? undefined : list(collection, url);
}

function collectionAt(
  users: Users,
  first: string,
  second: string,
  third: string,
): Collection | undefined {
  const { count } = users;
  const lightUsers = { count, row: (index: number) => users.light(index) };
  const cursusUsers = { count, row: (index: number) => users.cursusUser(index) };
  const campusUsers = { count, row: (index: number) => users.campusUser(index) };
  const ofCampus = first === 'campus' && [campus.slug, String(campus.id)].includes(second);
  const ofCursus = first === 'cursus' && [cursus.slug, String(cursus.id)].includes(second);
  if ((first === 'users' && second === '') || (ofCampus && third === 'users')) return lightUsers;
  if ((first === 'cursus_users' && second === '') || (ofCursus && third === 'cursus_users'))
    return cursusUsers;
  if (first === 'campus_users' && second === '') return campusUsers;
  if (first === 'campus' && second === '') return { count: 1, row: () => campus };
  return undefined;
}

function list(collection: Collection, url: URL): ApiAnswer {
  const selected = select(collection, url.searchParams);
  if ('status' in selected) return selected;
  const number = positive(url.searchParams, ['page[number]', 'page']) ?? 1;
  const asked = positive(url.searchParams, ['page[size]', 'per_page']) ?? DEFAULT_PAGE_SIZE;
  const size = Math.min(asked, LARGEST_PAGE_SIZE);
  const from = (number - 1) * size;
  const length = Math.max(0, Math.min(size, selected.count - from));
  return {
    status: 200,
    body: Array.from({ length }, (_, offset) => selected.row(from + offset)),
    headers: {
      'x-page': String(number),
      'x-per-page': String(size),
      'x-total': String(selected.count),
      link: links(url, number, size, selected.count),
    },
  };
}

function positive(query: URLSearchParams, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = Number(query.get(name) ?? '');
    if (Number.isInteger(value) && value > 0) return value;
  }
  return undefined;
}

function links(url: URL, number: number, size: number, total: number): string {
  const last = Math.max(1, Math.ceil(total / size));
  const pages = [
    ...(number < last ? [['next', number + 1] as const, ['last', last] as const] : []),
    ...(number > 1 ? [['first', 1] as const, ['prev', number - 1] as const] : []),
  ];
  return pages
    .map(([rel, page]) => {
      const target = new URL(url);
      for (const name of ['page', 'per_page', 'page[number]', 'page[size]'])
        target.searchParams.delete(name);
      target.searchParams.set('page', String(page));
      target.searchParams.set('per_page', String(size));
      return `<${target.href}>; rel="${rel}"`;
    })
    .join(', ');
}

/** Applies `filter[a]=x,y`, `range[a]=min,max`, `search[a]=text` and `sort=-a,b`. */
function select(collection: Collection, query: URLSearchParams): Collection | ApiAnswer {
  const conditions = [...query].flatMap(([name, value]) => {
    const [, kind, field] = /^(filter|range|search)\[(\w+\??)\]$/.exec(name) ?? [];
    return kind === undefined || field === undefined ? [] : [{ kind, field, value }];
  });
  const sort = (query.get('sort') ?? '').split(',').filter((field) => field !== '');
  if ((conditions.length === 0 && sort.length === 0) || collection.count === 0) return collection;
  const sample = collection.row(0);
  const unknownField = conditions.find(({ field }) => !(field in sample))?.field;
  if (unknownField !== undefined)
    return failure('Filter Error', `${unknownField} is not a filterable field`);
  const unknownSort = sort.find((field) => !(field.replace(/^-/, '') in sample));
  if (unknownSort !== undefined)
    return failure('Sort Error', `${unknownSort} is not a sortable field`);
  const rows = Array.from({ length: collection.count }, (_, index) => collection.row(index))
    .filter((row) => conditions.every(({ kind, field, value }) => matches(kind, row[field], value)))
    .toSorted((a, b) => compareRows(a, b, sort));
  return { count: rows.length, row: (index) => rows[index] as Readonly<Record<string, unknown>> };
}

function failure(error: string, message: string): ApiAnswer {
  return { status: 400, body: { error, message } };
}

function matches(kind: string, field: unknown, value: string): boolean {
  const text = asText(field);
  if (kind === 'filter') return value.split(',').includes(text);
  if (kind === 'search') return text.toLowerCase().includes(value.toLowerCase());
  const [min = '', max = ''] = value.split(',');
  return compare(field, min) >= 0 && compare(field, max) <= 0;
}

function compareRows(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
  sort: readonly string[],
): number {
  for (const field of sort) {
    const name = field.replace(/^-/, '');
    const order = compare(a[name], b[name]);
    if (order !== 0) return field.startsWith('-') ? -order : order;
  }
  return 0;
}

function compare(a: unknown, b: unknown): number {
  const [x, y] = [Number(a), Number(b)];
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y;
  return asText(a) < asText(b) ? -1 : Number(asText(a) > asText(b));
}

function asText(field: unknown): string {
  if (typeof field === 'string') return field;
  return field === null || field === undefined ? '' : JSON.stringify(field);
}
