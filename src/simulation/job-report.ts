import type { HoldBackShare } from './hold-backs.js';
import type { SimulatedHydra } from './simulated-hydra.js';

/** How a simulated job went. Durations are milliseconds of virtual time. */
export interface JobReport {
  /** False when it had not ended in the time that was set for it. */
  readonly hasEnded: boolean;
  readonly requests: number;
  /** Requests that have their response. */
  readonly succeeded: number;
  /** Requests that have failed for good. */
  readonly failed: number;
  /** Attempts that were sent. */
  readonly attempts: number;
  /** Attempts that were sent again, by cause; without those that were refused. */
  readonly retries: Readonly<Record<string, number>>;
  /** Attempts that arrived and were admitted by the limits, whatever came of them. */
  readonly accepted: number;
  /** Attempts that arrived and were refused because of a limit. */
  readonly refused: number;
  /** Time to the last outcome. */
  readonly durationMs: number;
  /** The least time that the limits and the delay between requests leave, as `makespan` has it. */
  readonly leastMs: number;
  /** What the job waited for, as shares of its time. */
  readonly heldBackBy: readonly HoldBackShare[];
  /** Attempts that arrived of the app that was used least, and most. */
  readonly usesOfApp: { readonly least: number; readonly most: number };
  /** What is still there once the hydra has finished: nothing, if all is right. */
  readonly leftBehind: { readonly timers: number; readonly inFlight: number };
}

/** What the parts of a simulation know of how it went. */
export function countsOf({
  engine,
  server,
  clock,
  transport,
}: SimulatedHydra): Pick<
  JobReport,
  | 'succeeded'
  | 'failed'
  | 'attempts'
  | 'retries'
  | 'accepted'
  | 'refused'
  | 'usesOfApp'
  | 'leftBehind'
> {
  const { succeeded, failed, attempts, retries } = engine.stats;
  let [accepted, refused, least, most] = [0, 0, Infinity, 0];
  for (const app of server.apps) {
    const uses = app.accepted + app.refused;
    accepted += app.accepted;
    refused += app.refused;
    least = Math.min(least, uses);
    most = Math.max(most, uses);
  }
  return {
    succeeded,
    failed,
    attempts,
    retries,
    accepted,
    refused,
    usesOfApp: { least, most },
    leftBehind: { timers: clock.pendingTimers, inFlight: transport.inFlight },
  };
}
