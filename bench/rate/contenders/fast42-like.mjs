import Bottleneck from 'bottleneck';
import { askInTurn } from './rotation.mjs';

/** What Fast42 adds to each gap. */
const SLOWER_MS = 25;
const EXPIRATION_MS = 60_000;

export const fast42Like = {
  name: 'Fast42-like rotation',
  words:
    'What Fast42 does, over undici: Bottleneck an app, in turn, `minTime` 25 ms above the even gap, ' +
    '`maxConcurrent` the limit. Waits after a refusal are as everybody else has them (Fast42 adds up to 10 s).',
  ask(setting) {
    const { requests } = setting;
    const minTime = Math.trunc(1000 / requests) + SLOWER_MS;
    askInTurn(setting, (send) => {
      const limiter = new Bottleneck({ minTime, maxConcurrent: requests });
      return (path) => limiter.schedule({ expiration: EXPIRATION_MS }, send, path);
    });
  },
};
