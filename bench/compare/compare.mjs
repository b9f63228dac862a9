// Measures everything that is compared, or one part of it, and writes table and plots.
import { measureCost } from '../cost/measure.mjs';
import { measureGrowth } from '../growth/measure.mjs';
import { measureMemory } from '../memory/measure.mjs';
import { measureMicro } from '../micro/measure.mjs';
import { drawAll } from '../plots/draw-all.mjs';
import { measureRate } from '../rate/measure.mjs';
import { load, machineFacts } from './machine.mjs';
import { readResults, resultsFolder, writeFiles } from './results.mjs';
import { comparisonSettings } from './settings.mjs';
import { table } from './table.mjs';

const measures = {
  rate: measureRate,
  cost: measureCost,
  growth: measureGrowth,
  memory: measureMemory,
  micro: measureMicro,
};

/** @param name - one part; `draw` only draws what was measured before; without it, everything. */
export async function compare(name) {
  const settings = comparisonSettings();
  const folder = resultsFolder(settings.quick);
  const results = readResults(folder);
  const names =
    name === undefined ? Object.keys(measures) : [name].filter((one) => one in measures);
  for (const part of names) {
    results[part] = await measurePart(part, settings);
    write(folder, results);
  }
  write(folder, results);
  console.log(`\n${table(results)}`);
}

/** Each part says on what machine, and how busy it was before it began. */
async function measurePart(part, settings) {
  const startedMs = performance.now();
  const machine = { ...machineFacts(), loadBefore: load() };
  console.error(`== ${part}`);
  const measured = await measures[part](settings, (line) => console.error(line));
  const minutes = Number(((performance.now() - startedMs) / 60_000).toFixed(1));
  return { machine, minutes, ...measured };
}

function write(folder, results) {
  writeFiles(folder, {
    'results.json': `${JSON.stringify(results, undefined, 1)}\n`,
    'table.md': table(results),
    ...drawAll(results),
  });
}
