import PQueue from 'p-queue';
import { askInTurn } from './rotation.mjs';

export const pQueue = {
  name: 'p-queue',
  words: 'A queue an app, `strict` (a sliding window), its `interval` a second and the margin.',
  ask(setting) {
    const options = {
      intervalCap: setting.requests,
      interval: 1000 + setting.marginMs,
      strict: true,
    };
    askInTurn(setting, (send) => {
      const queue = new PQueue(options);
      return (path) => queue.add(() => send(path));
    });
  },
};
