/**
 * Runs properties over simulations. A failure prints the seed and the path to it; to see it again:
 *
 *     SIMULATION_SEED=... SIMULATION_PATH=... npx vitest run test/simulation -t '...'
 *
 * `SIMULATION_RUNS=50` looks at so many times as many worlds as usual.
 */
import * as fc from 'fast-check';

const { SIMULATION_RUNS: times, SIMULATION_SEED: seed, SIMULATION_PATH: path } = process.env;

/** Settings for `fc.assert`. */
export function explore(runs: number): fc.Parameters<unknown> {
  return {
    numRuns: Math.ceil(runs * Number(times ?? 1)),
    verbose: fc.VerbosityLevel.None,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
    ...(path === undefined ? {} : { path }),
  };
}
