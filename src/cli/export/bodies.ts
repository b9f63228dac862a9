/** Bodies as they are, without a table. */
import type { HydraResponse } from '../../request/response.js';
import { cellToJson } from './cell.js';
import type { JsonPath } from './json-path.js';
import { toJsonText } from './json-value.js';
import { listIn, wholeBody } from './subject.js';
import type { Tally } from './tally.js';

/**
 * Bodies as texts of JSON on one line each: JSON as it came, anything else as a string. With `each`,
 * the elements of the list that is there.
 */
export async function* bodiesOf(
  responses: AsyncIterable<HydraResponse>,
  each: JsonPath | undefined,
  tally: Tally,
): AsyncGenerator<string, void, undefined> {
  for await (const response of responses) {
    tally.outcomes += 1;
    const texts =
      each === undefined
        ? [cellToJson(wholeBody(response, tally))]
        : listIn(response, each, tally).map(toJsonText);
    tally.rows += texts.length;
    yield* texts;
  }
}
