// The results of the last comparison: `results.json`, and what is made of it.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A quick comparison does not overwrite what the README shows. */
export function resultsFolder(isQuick) {
  return fileURLToPath(new URL(isQuick ? '../results/quick/' : '../results/', import.meta.url));
}

/** The parts measured so far, `{}` where none was. */
export function readResults(folder) {
  try {
    return JSON.parse(readFileSync(`${folder}results.json`, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return {};
    throw error;
  }
}

/** @param files - texts by file name. */
export function writeFiles(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}${name}`, text);
}
