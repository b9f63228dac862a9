/**
 * Who shows what more waiting requests cost; all are asked for at once. `most` is how many one bears in
 * reasonable time, `atLeast` how many it is measured for where few wait (else the setting). p-throttle
 * has no queue: with a wide limit it starts everything at once.
 */
import { makeHydra } from '../cost/contenders/apihydra.mjs';
import { bottleneck } from '../cost/contenders/bottleneck.mjs';
import { pQueueAtOnce } from '../cost/contenders/p-queue.mjs';

/** A million outcomes do not belong in memory: it records them, as it does by default. */
const apihydraAtOnce = {
  name: 'ApiHydra, store on',
  words: 'Each outcome recorded on disk, so that they are not kept in memory.',
  most: Infinity,
  create(setting) {
    const hydra = makeHydra(setting);
    return async (count) => {
      for (let id = 0; id < count; id++) hydra.get(`/users/${id}`);
      await hydra.join();
    };
  },
};

export const contenders = [
  apihydraAtOnce,
  { ...pQueueAtOnce, most: 100_000 },
  { ...bottleneck, most: 10_000, atLeast: 3000 },
];
