/**
 * Who takes part in the comparison of rates. Each has a `name`, a line of `words` on its settings, and
 * `ask(setting)`, which asks for `total` requests at once over so many `apps`, each allowed so many
 * `requests` a second, and need not end: it has more to ask than there is time.
 */
import { apihydra } from './apihydra.mjs';
import { bottleneck } from './bottleneck.mjs';
import { fast42Like } from './fast42-like.mjs';
import { pQueue } from './p-queue.mjs';
import { pThrottleAsDocumented, pThrottleStrict } from './p-throttle.mjs';

export const contenders = [
  apihydra,
  fast42Like,
  bottleneck,
  pThrottleStrict,
  pThrottleAsDocumented,
  pQueue,
];
