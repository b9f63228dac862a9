// Reads what a run has recorded without the library: files by their names, one JSON value a line.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bodyOf, mustFail } from './expected.mjs';

const NAME = /^(?:responses_\d+_\d+|failures)\.jsonl(\.gz)?$/;

/** Reads a run's directory again and again; a file that has not changed since is not read again. */
export class SegmentReader {
  #directory;
  /** What stands in each file, by its name without `.gz`. */
  #files = new Map();

  constructor(directory) {
    this.#directory = directory;
  }

  /**
   * The outcomes on disk, by the number of their request: a list each, of more than one where it was
   * recorded more than once.
   *
   * @throws for a line that is no JSON, other than a last one that was cut off.
   */
  read() {
    this.#readFiles();
    const all = new Map();
    for (const { outcomes } of this.#files.values()) {
      for (const outcome of outcomes) {
        const same = all.get(outcome.id);
        if (same === undefined) all.set(outcome.id, [outcome]);
        else same.push(outcome);
      }
    }
    return all;
  }

  #readFiles() {
    const names = readdirSync(this.#directory).filter((name) => NAME.test(name));
    const stems = new Set(names.map((name) => name.replace(/\.gz$/, '')));
    for (const stem of this.#files.keys()) if (!stems.has(stem)) this.#files.delete(stem);
    for (const stem of stems) {
      // While it is compressed, both are there.
      const name = names.includes(`${stem}.gz`) ? `${stem}.gz` : stem;
      const file = path.join(this.#directory, name);
      const state = `${name} ${statSync(file).size}`;
      if (this.#files.get(stem)?.state === state) continue;
      this.#files.set(stem, { state, outcomes: outcomesOf(file) });
    }
  }
}

function outcomesOf(file) {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  const lines = text.split('\n');
  const cutOff = lines.pop();
  const outcomes = lines.map((line, index) => toOutcome(line, `line ${index + 1} of ${file}`));
  if (cutOff === '') return outcomes;
  try {
    // Whole but for its line feed.
    outcomes.push(toOutcome(cutOff, 'the last line'));
  } catch {
    // Its request has no outcome yet.
  }
  return outcomes;
}

/** What is kept of a line. Its body is judged now, so that memory stays small. */
function toOutcome(line, place) {
  try {
    const { id, error, body } = JSON.parse(line);
    const isRight = mustFail(id)
      ? error?.code === 'HYDRA_HTTP_STATUS'
      : error === undefined && JSON.stringify(body) === bodyOf(id);
    return { id, isRight };
  } catch (cause) {
    throw new Error(`Expected ${place} to be JSON, got ${line.slice(0, 80)}`, { cause });
  }
}
