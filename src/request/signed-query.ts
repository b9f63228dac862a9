/** Query parameters that sign a request: added on the wire, and taken out of whatever comes back. */
/** The headers of an answer. */
type AnswerHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A path with the parameters of a signature at its end. */
export function withParameters(path: string, query: Readonly<Record<string, string>>): string {
  const added = new URLSearchParams(query).toString();
  if (added === '') return path;
  return `${path}${path.includes('?') ? '&' : '?'}${added}`;
}

/** A URL, or a text with URLs in it, without the query parameters of these names. */
export function withoutParameters(text: string, names: readonly string[]): string {
  if (names.length === 0) return text;
  return text.replaceAll(/\?([^\s<>"#]*)/g, (_whole, query: string) => {
    const kept = query.split('&').filter((part) => !names.includes(nameOf(part)));
    return kept.length === 0 ? '' : `?${kept.join('&')}`;
  });
}

/** The headers of an answer, whose links and the like may repeat what was asked. */
export function headersWithoutParameters(
  headers: AnswerHeaders,
  names: readonly string[],
): AnswerHeaders {
  const strip = (text: string): string => withoutParameters(text, names);
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    typeof value === 'string' ? strip(value) : value?.map(strip),
  ]);
  return Object.fromEntries(entries) as AnswerHeaders;
}

function nameOf(part: string): string {
  const [name = ''] = part.split('=', 1);
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
