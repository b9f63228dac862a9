/** Finds what a body tells of more pages in a way that cannot be gone on with unasked. Pure. */

/** `true`, a cursor or a page's number in one of these say that there is more. */
const NAMES: ReadonlySet<string> = new Set([
  'has_more',
  'hasMore',
  'has_next',
  'hasNext',
  'has_next_page',
  'hasNextPage',
  'next',
  'next_cursor',
  'nextCursor',
  'next_page',
  'nextPage',
  'next_page_token',
  'nextPageToken',
  'next_token',
  'nextToken',
]);
/** As deep as answers of GraphQL have it. */
const DEEPEST = 4;

/** The path of the first such member, of the body or of an object in it; lists are not looked into. */
export function findMore(body: unknown, depth = 0): string | undefined {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return undefined;
  const members = Object.entries(body);
  const told = members.find(([name, value]) => NAMES.has(name) && saysMore(value));
  if (told !== undefined) return told[0];
  if (depth === DEEPEST) return undefined;
  for (const [name, value] of members) {
    const inner = findMore(value, depth + 1);
    if (inner !== undefined) return `${name}.${inner}`;
  }
  return undefined;
}

function saysMore(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  return value === true || (typeof value === 'number' && value > 0);
}
