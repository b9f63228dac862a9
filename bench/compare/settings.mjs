import { settingsFromArguments } from '../shared/arguments.mjs';

const full = {
  rateRounds: 3,
  rateSeconds: 30,
  jitter: 10,
  margin: 20,
  limiter: ['sliding-window', 'fixed-window', 'token-bucket'],
  costRounds: 5,
  costSeconds: 3,
  growthRounds: 3,
  growthSeconds: 2,
  mostApps: 10_000,
  mostWaiting: 1_000_000,
  atLeast: 200_000,
  mostRequests: 1_000_000,
  microMs: 1000,
};

/** About two minutes: shows that it works, and no more. */
const quick = {
  ...full,
  rateRounds: 1,
  rateSeconds: 2,
  costRounds: 1,
  costSeconds: 1,
  growthRounds: 1,
  growthSeconds: 1,
  mostApps: 100,
  mostWaiting: 10_000,
  atLeast: 5000,
  mostRequests: 10_000,
  microMs: 50,
};

/** What the comparison is told on the command line: see the README of this folder. */
export function comparisonSettings() {
  return settingsFromArguments((isQuick) => (isQuick ? quick : full));
}
