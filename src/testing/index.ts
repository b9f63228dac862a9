export type { Account, AccountTotals, Arrival } from './account.js';
export { startIntra42 } from './intra42.js';
export type { Intra42, OutageKind } from './intra42.js';
export type { Intra42Faults, Intra42Latency, Intra42Options } from './intra42-options.js';
export type { LimiterKind } from './limiter.js';
export type { LightUser } from './users.js';
export { VirtualClock } from './virtual-clock.js';
