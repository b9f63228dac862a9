// Asks so many requests in one of the ways that are compared, and tells the CPU that each took.
import * as path from 'node:path';
import { task } from '../shared/process.mjs';
import { localOrigin, paths, unlimitedHydra } from '../shared/unlimited-hydra.mjs';

const { port, folder, way, requests, warmUp } = task();
/** Requests that are asked, and let go of, at once: so memory stays small without a store, too. */
const WAVE = 5000;
const responsesFilePathTemplate = path.join(folder, 'responses_%s_%s.jsonl');
const hydra = unlimitedHydra(localOrigin(port), {
  store: way !== 'memory',
  responsesFilePathTemplate,
});

async function ask(count, name) {
  if (way === 'run') {
    await hydra.run(paths(count), { directory: path.join(folder, name) }).done;
    return;
  }
  for (let asked = 0; asked < count; asked += WAVE) {
    for (const one of paths(Math.min(WAVE, count - asked))) hydra.get(one);
    await hydra.join();
    hydra.clearResponses();
  }
}

await ask(warmUp, 'warm-up');
const before = process.cpuUsage();
await ask(requests, 'measured');
const { user, system } = process.cpuUsage(before);
await hydra.finish();
process.send({ microseconds: (user + system) / requests });
