import pThrottle from 'p-throttle';
import { askInTurn } from './rotation.mjs';

export const pThrottleStrict = {
  name: 'p-throttle',
  words: 'A throttle an app, `strict`, its `interval` a second and the margin.',
  ask(setting) {
    askThrottled(setting, 1000 + setting.marginMs);
  },
};

export const pThrottleAsDocumented = {
  name: 'p-throttle, no margin',
  words: 'The same with an `interval` of just a second, as one would write it first.',
  ask(setting) {
    askThrottled(setting, 1000);
  },
};

function askThrottled(setting, interval) {
  const options = { limit: setting.requests, interval, strict: true };
  // What one `pThrottle()` returns counts all functions together that it throttles.
  askInTurn(setting, (send) => pThrottle(options)(send));
}
