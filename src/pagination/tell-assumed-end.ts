/** Says that a list was taken to end where nothing has told so: it may go on. */
import type { Logger } from '../logger.js';
import type { AssumedEnd } from './numbered-end.js';

/** A line in the log. @param path - the list's. */
export function tellAssumedEnd(logger: Logger, path: string, { index, status }: AssumedEnd): void {
  const why =
    status === undefined
      ? `page ${index + 1} has the same items once more`
      : `the server answered ${status} to page ${index + 1}`;
  logger.warn(
    `The list ${path} is taken to end with page ${index}: ${why}. Where the server tells a total, or whether there is more, say where: \`total\`, \`more\`.`,
  );
}
