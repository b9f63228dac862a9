/** Says that a list was changed while its pages were read. */
import type { Logger } from '../logger.js';
import type { PageMoved } from './pagination.js';

/** Tells the log of the first sign, and who listens of each. */
export function movedTeller(
  logger: Logger,
  onMoved: ((moved: PageMoved) => void) | undefined,
): (moved: PageMoved) => void {
  let isFirst = true;
  return (moved) => {
    if (isFirst) logger.warn(describeMoved(moved));
    isFirst = false;
    onMoved?.(moved);
  };
}

function describeMoved({ kind, page, url, expected, got }: PageMoved): string {
  const what = {
    'page-shrank': `page ${page} has ${got} items instead of ${expected}`,
    'total-changed': `there are ${got} items in all, and were ${expected} before page ${page}`,
    'pages-changed': `${expected} pages were told, and there are ${got}`,
    'count-differs': `${expected} items were told, and ${got} came`,
  }[kind];
  return `The list was changed while its pages were read: ${what} (${url}). Items may be missing or repeated.`;
}
