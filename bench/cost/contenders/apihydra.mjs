import * as path from 'node:path';
import { unlimitedHydra } from '../../shared/unlimited-hydra.mjs';

const words = 'Limits, retries, feedback and stats on';

export const apihydra = {
  name: 'ApiHydra',
  words: `${words}, \`store: false\`; outcomes are let go of after every 5,000.`,
  create: (setting) => askHydra(setting, { store: false }),
};

export const apihydraStoring = {
  name: 'ApiHydra, store on',
  words: `${words}, and each outcome recorded on disk.`,
  create: (setting) => askHydra(setting, { store: true }),
};

export const apihydraThreads = {
  name: 'ApiHydra, 2 threads',
  words: `${words}, \`store: false\`, \`threads: 2\`; CPU is that of all threads.`,
  create: (setting) => askHydra(setting, { store: false, threads: 2 }),
  isAvailable,
};

/** Not every version has the option. */
async function isAvailable() {
  try {
    const hydra = unlimitedHydra('http://127.0.0.1', { threads: 2 });
    await hydra.finish();
    return true;
  } catch (error) {
    if (error.code === 'HYDRA_INVALID_OPTION') return false;
    throw error;
  }
}

/** Requests that are asked, and let go of, at once: so memory stays small without a store, too. */
const WAVE = 5000;

function askHydra(setting, options) {
  const hydra = makeHydra(setting, options);
  return async (count) => {
    for (let asked = 0; asked < count; asked += WAVE) {
      const wave = Math.min(WAVE, count - asked);
      for (let id = 0; id < wave; id++) hydra.get(`/users/${asked + id}`);
      await hydra.join();
      hydra.clearResponses();
    }
  };
}

/** As the settings of a contender have it. */
export function makeHydra({ origin, apps, folder }, options) {
  const responsesFilePathTemplate = path.join(folder, 'responses_%s_%s.json');
  return unlimitedHydra(origin, { apps, responsesFilePathTemplate, logLevel: 'error', ...options });
}
