import throttle from 'p-throttle';
import { ALLOWED_PER_SECOND } from '../../shared/load.mjs';
import { concurrently, sender } from './sending.mjs';

export const pThrottle = {
  name: 'p-throttle',
  words:
    '100 loops over a throttled function; the default algorithm, which costs less than `strict`.',
  create({ origin }) {
    const options = { limit: ALLOWED_PER_SECOND, interval: 1000 };
    const limited = throttle(options)(sender(origin));
    return (count) => concurrently(count, limited);
  },
};

export const pThrottlePerApp = {
  name: 'p-throttle',
  words: 'A `strict` throttle an app, in turn.',
  create({ origin, apps }) {
    const send = sender(origin);
    const options = { limit: ALLOWED_PER_SECOND / apps, interval: 1000, strict: true };
    const limited = Array.from({ length: apps }, () => throttle(options)(send));
    return (count) => concurrently(count, (path, id) => limited[id % apps](path));
  },
};
