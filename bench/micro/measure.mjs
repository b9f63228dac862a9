// What the parts of the scheduler cost by themselves: no network.
import { Bench } from 'tinybench';
import { parts, STEPS } from './parts.mjs';

/**
 * @param options - `microMs`: how long each is measured, milliseconds.
 * @returns for each part `name` and `nanoseconds` of a step (median).
 */
export async function measureMicro({ microMs }, say) {
  const bench = new Bench({ time: microMs, warmupTime: microMs / 4, throws: true });
  for (const [name, doSteps] of parts) bench.add(name, doSteps);
  await bench.run();
  const results = bench.tasks.map(({ name, result }) => {
    const nanoseconds = (result.latency.p50 * 1e6) / STEPS;
    say(`${name}: ${nanoseconds.toFixed(0)} ns`);
    return { name, nanoseconds };
  });
  return { microMs, parts: results };
}
