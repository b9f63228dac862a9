// Kills a run with faults by SIGKILL at many moments, and judges what is on disk: nothing may be lost.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { KillRounds } from './kill/kill-rounds.mjs';
import { numbersFromArguments } from './shared/arguments.mjs';

const { kills, seed, each } = numbersFromArguments({ kills: 200, seed: 42, each: 700 });
const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-kill-'));
const startedMs = performance.now();

try {
  const rounds = new KillRounds({ folder, kills, seed, each });
  const result = await rounds.run((killed) => {
    if (killed % 20 === 0) console.error(`${killed} kills so far`);
  });
  const seconds = Math.round((performance.now() - startedMs) / 1000);
  console.log(JSON.stringify({ ...result, seconds }, null, 2));
  rmSync(folder, { recursive: true });
} catch (error) {
  console.error(`${error.message}\nSeed ${seed}; what is on disk is left in ${folder}.`);
  process.exitCode = 1;
}
