/** A signal ends a process that works off a run: what is recorded stays, and it says how to go on. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { sleep, systemClock } from '../../src/clock.js';
import { until } from '../transport/http-world.js';
import { startRunChild, type RunChild } from './run-child.js';
import { folder, held, paths, range, readInfo, workOff, world, type World } from './run-setting.js';

const REQUESTS = 150;

function start({ origin }: World, directory: string, appsFile: string): RunChild {
  return startRunChild(path.dirname(appsFile), [
    { origin, directory, appsFile, requests: REQUESTS },
  ]);
}

/** Holds answers from a certain request on, and lets them go once told. */
function holdFrom(server: World, from: number): void {
  server.answer = () => {
    if (server.asked.length >= from) server.isHeld = true;
    return false;
  };
}

describe('a run under way', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'is stopped gently by %s, with exit code %i, and goes on later',
    async (signal, code) => {
      const server = await world();
      const directory = folder();
      const appsFile = path.join(folder(), 'apps.json');
      holdFrom(server, 60);
      const { child, ended, seen } = start(server, directory, appsFile);
      await until(() => server.isHeld && server.asked.length >= 60);
      child.kill(signal);
      // Taken in before what is in flight is answered.
      await until(() => seen().includes('Stopped by'));
      server.answer = undefined;
      server.release();
      const { code: exitCode, stdout, stderr } = await ended;
      const sent = server.asked.length;
      expect([exitCode, stdout]).toEqual([code, '']);
      expect(stderr).toContain(`Stopped by ${signal}`);
      expect(stderr).toContain(
        `${sent} requests of the run in ${directory} have their outcome. Start it again to go on.`,
      );
      expect(sent).toBeLessThan(REQUESTS);
      expect(fs.existsSync(path.join(directory, 'run.lock'))).toBe(false);
      expect(readInfo(directory)).toMatchObject({
        state: 'stopped',
        totals: { done: sent, failed: 0 },
        sessions: [{ succeeded: sent }],
      });
      expect((await held(directory)).ids).toHaveLength(sent);
      // What is used up is known to the last request, so that a restart need not assume the worst.
      const apps = JSON.parse(fs.readFileSync(appsFile, 'utf8')) as { unsavedMs?: number };
      expect(apps.unsavedMs ?? 0).toBe(0);

      const summary = await workOff(server, paths(0, REQUESTS), { directory });
      expect(summary).toMatchObject({ isComplete: true, skipped: sent, done: REQUESTS });
      expect(server.asked).toHaveLength(REQUESTS);
      expect(new Set(server.asked).size).toBe(REQUESTS);
      const all = await held(directory);
      expect(all.ids).toEqual(range(0, REQUESTS));
      expect(all.bodies).toEqual(paths(0, REQUESTS));
    },
  );

  it.each([
    ['an uncaught error', 'throw', 1],
    ['process.exit()', 'exit', 3],
  ])('is ended by %s: what had come is there, and it goes on later', async (_name, how, code) => {
    const server = await world();
    const directory = folder();
    holdFrom(server, 60);
    const { child, ended } = start(server, directory, path.join(folder(), 'apps.json'));
    await until(() => server.isHeld && server.asked.length >= 60);
    child.send(how);
    expect((await ended).code).toBe(code);
    server.answer = undefined;
    server.release();
    const { ids } = await held(directory);
    expect(ids.length).toBeGreaterThanOrEqual(50);
    expect(readInfo(directory)).toMatchObject({ state: 'stopped', totals: { done: ids.length } });
    const summary = await workOff(server, paths(0, REQUESTS), { directory });
    expect(summary).toMatchObject({ isComplete: true, skipped: ids.length, done: REQUESTS });
    expect((await held(directory)).bodies).toEqual(paths(0, REQUESTS));
  });

  it('is ended at once by the second signal; what had come is there', async () => {
    const server = await world();
    const directory = folder();
    const appsFile = path.join(folder(), 'apps.json');
    holdFrom(server, 60);
    const { child, ended, seen } = start(server, directory, appsFile);
    await until(() => server.isHeld && server.asked.length >= 60);
    child.kill('SIGINT');
    await until(() => seen().includes('Stopped by'));
    // Two at once are one Ctrl+C that came twice, from the terminal and from npm.
    await sleep(systemClock, 300);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([130, expect.stringContaining('Stopped at once by SIGINT')]);
    server.answer = undefined;
    server.release();
    const { ids } = await held(directory);
    expect(ids.length).toBeGreaterThan(0);
    expect(readInfo(directory)).toMatchObject({ state: 'stopped', totals: { done: ids.length } });
    expect(fs.existsSync(path.join(directory, 'run.lock'))).toBe(false);
    const summary = await workOff(server, paths(0, REQUESTS), { directory });
    expect(summary).toMatchObject({ isComplete: true, skipped: ids.length, done: REQUESTS });
    expect((await held(directory)).bodies).toEqual(paths(0, REQUESTS));
  });
});
