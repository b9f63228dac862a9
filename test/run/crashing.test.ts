/** Whatever moment a process ends at: what is in the directory then can be gone on from. */
import * as fs from 'node:fs';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { until } from '../transport/http-world.js';
import {
  countInFiles,
  folder,
  held,
  hydraFor,
  paths,
  range,
  segmentNames,
  workOff,
  world,
} from './run-setting.js';

const REQUESTS = 80;

const crash = fc.record({
  /** How many have been asked by then. */
  asked: fc.integer({ min: 0, max: REQUESTS }),
  /** Turns of the event loop after that. */
  turns: fc.integer({ min: 0, max: 60 }),
  compress: fc.constantFrom('gzip' as const, false as const),
  responsesPerFile: fc.constantFrom(7, 50),
  maxConcurrency: fc.constantFrom(2, 20),
  failEvery: fc.constantFrom(0, 5),
});

it('a copy of the directory at any moment goes on to one outcome for each request', async () => {
  const server = await world();
  await fc.assert(
    fc.asyncProperty(crash, async ({ asked, turns, compress, failEvery, ...options }) => {
      const [directory, copy] = [folder(), folder()];
      server.asked.length = 0;
      server.answer = (request, response) => {
        const isFailing = failEvery > 0 && Number(request.url?.slice(1)) % failEvery === 0;
        if (!isFailing) return false;
        response.writeHead(400, { 'content-type': 'application/json' });
        response.end('{}');
        return true;
      };
      const { hydra } = hydraFor(server.origin, options);
      const run = hydra.run(paths(0, REQUESTS), { directory, compress });
      await until(() => server.asked.length >= asked);
      for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate);
      fs.rmSync(copy, { recursive: true });
      const { done, failed } = run.progress;
      fs.cpSync(directory, copy, { recursive: true });
      await run.done;
      // The lock was copied too, and this process lives.
      fs.rmSync(`${copy}/run.lock`, { force: true });

      server.asked.length = 0;
      const summary = await workOff(
        server,
        paths(0, REQUESTS),
        { directory: copy, compress },
        options,
      );
      expect(summary).toMatchObject({ isComplete: true });
      expect(summary.skipped).toBeGreaterThanOrEqual(done + failed);
      expect(server.asked).toHaveLength(REQUESTS - summary.skipped);
      const all = await held(copy);
      expect(all.ids).toEqual(range(0, REQUESTS));
      expect(all.damages).toEqual([]);
      const right = all.ids.map((id) =>
        failEvery > 0 && id % failEvery === 0 ? 'HYDRA_HTTP_STATUS' : `/${id}`,
      );
      expect(all.bodies).toEqual(right);
      expect(Math.max(0, ...countInFiles(copy).values())).toBeLessThanOrEqual(1);
    }),
    { numRuns: 10 },
  );
});

it('a copy in which one segment is cut at any byte goes on, too', async () => {
  const server = await world();
  const directory = folder();
  await workOff(server, paths(0, 30), { directory }, { responsesPerFile: 8 });
  await fc.assert(
    fc.asyncProperty(
      fc.nat(3),
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (index, share) => {
        const copy = folder();
        fs.cpSync(directory, copy, { recursive: true });
        const file = `${copy}/${segmentNames(copy)[index]}`;
        fs.truncateSync(file, Math.floor(fs.statSync(file).size * share));
        const summary = await workOff(server, paths(0, 30), { directory: copy });
        expect(summary).toMatchObject({ isComplete: true, done: 30 });
        const all = await held(copy);
        expect(all.ids).toEqual(range(0, 30));
        expect(all.bodies).toEqual(paths(0, 30));
      },
    ),
    { numRuns: 10 },
  );
});

it('reading a run while it goes on, and while it compresses, gives what is there', async () => {
  const server = await world();
  const directory = folder();
  const { hydra } = hydraFor(server.origin, { responsesPerFile: 20, maxConcurrency: 5 });
  const run = hydra.run(paths(0, 200), { directory, compress: 'gzip' });
  let isOver = false;
  const over = run.done.finally(() => (isOver = true));
  await until(() => run.progress.done > 0);
  let reads = 0;
  for (; !isOver; reads++) {
    const { done } = run.progress;
    const { ids, damages } = await held(directory);
    expect(damages).toEqual([]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(done);
  }
  await over;
  expect(reads).toBeGreaterThan(0);
  expect((await held(directory)).ids).toEqual(range(0, 200));
});
