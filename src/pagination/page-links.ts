/** The header `Link` of a page (RFC 8288). */

/** Where it leads, absolute. Their origin is not checked. */
export interface PageLinks {
  readonly next?: string;
  readonly last?: string;
  readonly first?: string;
  readonly prev?: string;
  /** True for a header that cannot be understood. */
  readonly isBroken?: boolean;
}

const NAMES = ['next', 'last', 'first', 'prev'] as const;
const none: PageLinks = Object.freeze({});

/** Reads the header. The library for it is loaded with the first that comes. */
export async function readLinks(
  header: string | string[] | undefined,
  url: string,
): Promise<PageLinks> {
  const value = Array.isArray(header) ? header.join(', ') : header;
  if (value === undefined || value.trim() === '') return none;
  const { default: LinkHeader } = await import('http-link-header');
  try {
    const all = LinkHeader.parse(value);
    const found = NAMES.flatMap((name) => {
      const uri = all.rel(name)[0]?.uri;
      return uri !== undefined && URL.canParse(uri, url) ? [[name, new URL(uri, url).href]] : [];
    });
    return Object.fromEntries(found) as PageLinks;
  } catch {
    return { isBroken: true };
  }
}
