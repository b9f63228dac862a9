import Bottleneck from 'bottleneck';
import { ALLOWED_PER_SECOND, CONCURRENCY } from '../../shared/load.mjs';
import { concurrently, sender } from './sending.mjs';

export const bottleneck = {
  name: 'Bottleneck',
  words: 'Clustering off, `maxConcurrent: 100`, no `minTime`; all jobs are scheduled at once.',
  create({ origin }) {
    const limited = new Bottleneck({ maxConcurrent: CONCURRENCY }).wrap(sender(origin));
    return (count) =>
      Promise.all(Array.from({ length: count }, (_, id) => limited(`/users/${id}`)));
  },
};

export const bottleneckPerApp = {
  name: 'Bottleneck',
  words: 'A limiter an app with a reservoir that is refilled every second, in turn.',
  create({ origin, apps }) {
    const send = sender(origin);
    const perSecond = ALLOWED_PER_SECOND / apps;
    const options = {
      reservoir: perSecond,
      reservoirRefreshAmount: perSecond,
      reservoirRefreshInterval: 1000,
    };
    const limited = Array.from({ length: apps }, () => new Bottleneck(options).wrap(send));
    return (count) => concurrently(count, (path, id) => limited[id % apps](path));
  },
};
