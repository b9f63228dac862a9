/**
 * Who takes part in the comparison of cost. Each has a `name`, a line of `words` on its settings, and
 * `create(setting)`, which returns `ask(count)`: asks for so many paths, at most `CONCURRENCY` at once,
 * and resolves once each body has been read. One that not every version has tells by `isAvailable()`.
 *
 * A setting has the `origin`, an empty `folder`, and `apps`: so many of them, each allowed its part of
 * `ALLOWED_PER_SECOND`, which is more than anybody can do. Those that are no schedulers, or that share out
 * nothing by app, do not look at it.
 */
import { apihydra, apihydraStoring, apihydraThreads } from './apihydra.mjs';
import { bottleneck } from './bottleneck.mjs';
import { crawlee } from './crawlee.mjs';
import { pQueue } from './p-queue.mjs';
import { pThrottle } from './p-throttle.mjs';
import { undiciDispatch, undiciRequest } from './undici.mjs';

export const contenders = [
  undiciRequest,
  undiciDispatch,
  apihydra,
  apihydraStoring,
  apihydraThreads,
  pThrottle,
  pQueue,
  bottleneck,
  crawlee,
];
