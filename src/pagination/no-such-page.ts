/** Servers that answer a page behind the last one with an error. Pure. */
import { HydraError } from '../errors.js';

/** There is nothing at that place: Not Found, and Range Not Satisfiable. */
const NOTHING_THERE: ReadonlySet<number> = new Set([404, 416]);
/** A number that is too large may also be just a bad request. */
const BAD_NUMBER = 400;
/** Not behind a full page: it is also how a server says that it gives no more than so many items. */
const UNPROCESSABLE = 422;

/** What is known of the page before. */
export interface PageBefore {
  /** It has fewer items than a full one. */
  readonly isShort: boolean;
  /** The server has shown that it knows the page's parameter: else that may be what it calls bad. */
  readonly isKnownToCount: boolean;
}

/** Whether an error may say that there is no such page. One that is no list is another matter. */
export function isNoSuchPage(
  error: unknown,
  { isShort, isKnownToCount }: PageBefore,
): error is HydraError {
  if (!(error instanceof HydraError) || error.code !== 'HYDRA_HTTP_STATUS') return false;
  const { status = 0 } = error.facts;
  if (NOTHING_THERE.has(status)) return true;
  if (status === BAD_NUMBER) return isShort || isKnownToCount;
  return status === UNPROCESSABLE && isShort;
}
