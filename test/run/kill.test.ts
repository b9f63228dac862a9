/** The promise of a run: killed at any moment, again and again, it loses nothing. `bench/kill.mjs` does it 200 times. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const harness = fileURLToPath(new URL('../../bench/main.mjs', import.meta.url));

interface Report {
  readonly kills: number;
  readonly requests: number;
  readonly lost: number;
  readonly wrong: number;
}

async function killRun(kills: number, each: number): Promise<Report | string> {
  const given = ['kill', '--kills', String(kills), '--each', String(each)];
  const child = spawn(process.execPath, [harness, ...given], { timeout: 110_000 });
  const exit = once(child, 'exit');
  const [words, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exit;
  return code === 0 ? (JSON.parse(words) as Report) : errors;
}

it('gives each request exactly one outcome, the right one, over nine kills in a run with faults', async () => {
  const report = await killRun(9, 350);
  expect(report).toMatchObject({ kills: 9, requests: 3500, lost: 0, wrong: 0 });
}, 120_000);
