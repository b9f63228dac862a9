/** Who shows what more apps cost: with more than one app, each contender has a limiter for each. */
import { apihydra } from '../cost/contenders/apihydra.mjs';
import { bottleneckPerApp } from '../cost/contenders/bottleneck.mjs';
import { pQueuePerApp } from '../cost/contenders/p-queue.mjs';
import { pThrottlePerApp } from '../cost/contenders/p-throttle.mjs';

export const contenders = [apihydra, pThrottlePerApp, pQueuePerApp, bottleneckPerApp];
