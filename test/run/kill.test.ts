/** The promise of a run: killed at any moment, again and again, it loses nothing. `bench/kill.mjs` does it 200 times. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const harness = fileURLToPath(new URL('../../bench/main.mjs', import.meta.url));

interface Report {
  readonly kills: number;
  /** How often each kind of moment was met. */
  readonly moments: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly lost: number;
  readonly wrong: number;
}

/** A seed with which six kills meet every kind of moment. */
const SEED = 10;

async function killRun(kills: number, each: number): Promise<Report | string> {
  const numbers = { kills, each, seed: SEED };
  const given = Object.entries(numbers).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [harness, 'kill', ...given], { timeout: 110_000 });
  const exit = once(child, 'exit');
  const [words, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await exit;
  return code === 0 ? (JSON.parse(words) as Report) : errors;
}

it('gives each request exactly one outcome, the right one, over six kills in a run with faults', async () => {
  const report = await killRun(6, 350);
  expect(report).toMatchObject({ kills: 6, requests: 2450, lost: 0, wrong: 0 });
  const { moments } = report as Report;
  expect(Object.keys(moments).toSorted()).toEqual([
    'compression',
    'middle',
    'note',
    'opening',
    'start',
  ]);
}, 120_000);
