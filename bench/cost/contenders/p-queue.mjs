import PQueue from 'p-queue';
import { ALLOWED_PER_SECOND, CONCURRENCY } from '../../shared/load.mjs';
import { concurrently, sender } from './sending.mjs';

/** So many wait in the queue at once. */
const WAVE = 5000;

export const pQueue = {
  name: 'p-queue',
  words: '`concurrency: 100`, 5,000 tasks at once, no interval.',
  create({ origin }) {
    const send = sender(origin);
    const queue = new PQueue({ concurrency: CONCURRENCY });
    return async (count) => {
      for (let asked = 0; asked < count; asked += WAVE) {
        await addAndWait(queue, send, asked, Math.min(WAVE, count - asked));
      }
    };
  },
};

/** For how long queues get: all tasks are added at once. */
export const pQueueAtOnce = {
  name: 'p-queue',
  words: '`concurrency: 100`, no interval.',
  create({ origin }) {
    const send = sender(origin);
    const queue = new PQueue({ concurrency: CONCURRENCY });
    return (count) => addAndWait(queue, send, 0, count);
  },
};

export const pQueuePerApp = {
  name: 'p-queue',
  words: 'A `strict` queue an app, in turn.',
  create({ origin, apps }) {
    const send = sender(origin);
    const options = { intervalCap: ALLOWED_PER_SECOND / apps, interval: 1000, strict: true };
    const queues = Array.from({ length: apps }, () => new PQueue(options));
    return (count) => concurrently(count, (path, id) => queues[id % apps].add(() => send(path)));
  },
};

function addAndWait(queue, send, first, count) {
  for (let id = first; id < first + count; id++) queue.add(() => send(`/users/${id}`));
  return queue.onIdle();
}
