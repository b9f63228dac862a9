import Bottleneck from 'bottleneck';
import { askInTurn } from './rotation.mjs';

export const bottleneck = {
  name: 'Bottleneck',
  words:
    'A limiter an app with `minTime`, as its quick start has it; the margin is spread over the gaps.',
  ask(setting) {
    const minTime = (1000 + setting.marginMs) / setting.requests;
    askInTurn(setting, (send) => new Bottleneck({ minTime }).wrap(send));
  },
};
