/** Segments that are removed, cut or compressed behind the back of what a run notes of them. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/index.js';
import { hardlyAnyLimits, simulate, type Simulation } from '../simulation/hydra-on-virtual-time.js';
import { passUntil, passUntilSettled } from './run-on-virtual-time.js';
import {
  folder,
  held,
  paths,
  range,
  readInfo,
  segmentNames,
  workOff,
  world,
} from './run-setting.js';

interface HalfRun extends Simulation {
  readonly run: Run;
  readonly directory: string;
  /** A full segment and one that is open. */
  readonly segments: readonly string[];
  /** Lets the server answer the last two, too. */
  readonly answerAll: () => void;
}

/** A run that has eight of its ten answers. */
async function halfRun(): Promise<HalfRun> {
  let isStalling = true;
  const simulation = simulate({
    apps: 1,
    limits: hardlyAnyLimits,
    options: { responsesPerFile: 5 },
    server: {
      answer: ({ path: asked }) => (isStalling && /[89]$/.test(asked) ? 'stall' : undefined),
    },
  });
  const { hydra, clock } = simulation;
  const directory = folder();
  const run = hydra.run(paths(0, 10), { directory });
  await passUntil(clock, () => run.progress.done === 8);
  const segments = segmentNames(directory).map((name) => path.join(directory, name));
  expect(segments).toHaveLength(2);
  return { ...simulation, run, directory, segments, answerAll: () => void (isStalling = false) };
}

/** What a crash would leave now. */
function crash(directory: string): string {
  const copy = folder();
  fs.cpSync(directory, copy, { recursive: true });
  fs.rmSync(path.join(copy, 'run.lock'));
  return copy;
}

async function goOn({ hydra, clock, answerAll }: HalfRun, directory: string): Promise<number[]> {
  answerAll();
  const run = hydra.run(paths(0, 10), { directory });
  expect(await passUntilSettled(clock, run.done)).toMatchObject({ done: 10 });
  return (await held(directory)).ids;
}

describe('a segment that is removed before it was noted', () => {
  it.each([
    ['full', 0],
    ['open', 1],
  ])('while it is %s has its requests asked again after a crash', async (_name, index) => {
    const half = await halfRun();
    fs.rmSync(half.segments[index] as string);
    const totals = (): unknown => readInfo(half.directory)['totals'];
    await passUntil(half.clock, () => isDeepStrictEqual(totals(), { done: 8, failed: 0 }), 1000);
    expect(await goOn(half, crash(half.directory))).toEqual(range(0, 10));
    await passUntilSettled(half.clock, half.hydra.finish(), 1000);
  });
});

describe('a segment that is cut while it is written', () => {
  it('leaves the run incomplete; the next start asks again what is lost', async () => {
    const half = await halfRun();
    fs.truncateSync(half.segments[1] as string, 10);
    half.answerAll();
    expect(await passUntilSettled(half.clock, half.run.done, 1000)).toMatchObject({
      isComplete: false,
    });
    expect((await held(half.directory)).ids).not.toContain(5);
    const before = half.server.arrivals.length;
    expect(await goOn(half, half.directory)).toEqual(range(0, 10));
    expect(half.server.arrivals).toHaveLength(before + 3);
    await passUntilSettled(half.clock, half.hydra.finish(), 1000);
  });
});

describe('a segment that was compressed just before a crash', () => {
  it('is taken as it is by all starts after that', async () => {
    const server = await world();
    const directory = folder();
    await workOff(server, paths(0, 8), { directory }, { responsesPerFile: 4 });
    const [first = ''] = segmentNames(directory);
    const file = path.join(directory, first);
    fs.writeFileSync(`${file}.gz`, gzipSync(fs.readFileSync(file)));
    fs.rmSync(file);
    for (const requests of [9, 10, 11]) {
      const { log, skipped } = await workOff(server, paths(0, requests), { directory });
      expect(skipped).toBe(requests - 1);
      expect(log.filter((line) => line.startsWith('warn'))).toEqual([]);
    }
    expect((await held(directory)).ids).toEqual(range(0, 11));
  });
});
