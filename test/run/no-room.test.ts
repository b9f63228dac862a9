/** Runs whose outcomes can be written nowhere for a time. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Run } from '../../src/index.js';
import { RequestLog } from '../../src/run/request-log.js';
import { until } from '../transport/http-world.js';
import { settle } from './run-on-virtual-time.js';
import {
  folder,
  held,
  hydraFor,
  paths,
  range,
  readInfo,
  workOff,
  world,
  type World,
} from './run-setting.js';

interface NoRoom {
  readonly server: World;
  readonly run: Run;
  readonly directory: string;
  readonly log: string[];
  readonly stop: AbortController;
  /** Makes room. */
  readonly putBack: () => void;
}

/** A run whose directory is away, and the temporary folder, too, as all its answers come. */
async function noRoom(): Promise<NoRoom> {
  const parent = folder();
  const directory = path.join(parent, 'run');
  vi.stubEnv('TMPDIR', path.join(parent, 'missing'));
  onTestFinished(() => void vi.unstubAllEnvs());
  const server = await world();
  const { hydra, log } = hydraFor(server.origin);
  server.isHeld = true;
  const stop = new AbortController();
  const run = hydra.run(paths(0, 20), { directory, signal: stop.signal });
  await until(() => server.asked.length === 20);
  fs.renameSync(directory, path.join(parent, 'away'));
  server.release();
  await until(() => log.some((line) => /cannot be written anywhere, and are kept/.test(line)));
  const putBack = (): void => fs.renameSync(path.join(parent, 'away'), directory);
  return { server, run, directory, log, stop, putBack };
}

describe('a run whose last answers can be written nowhere', () => {
  it('keeps them in memory, and ends once they are written', async () => {
    const { run, directory, server, putBack } = await noRoom();
    await settle(50);
    expect(run.progress).toMatchObject({ state: { kind: 'running' }, done: 0, inFlight: 0 });
    putBack();
    expect(await run.done).toMatchObject({ isComplete: true, done: 20 });
    expect((await held(directory)).ids).toEqual(range(0, 20));
    expect(server.asked).toHaveLength(20);
  });

  it('ends without them when it is stopped: they are asked again', async () => {
    const { run, directory, server, log, stop, putBack } = await noRoom();
    stop.abort();
    expect(await run.done).toMatchObject({ isComplete: false, done: 0 });
    expect(log.join()).toContain('20 outcomes could be written nowhere');
    putBack();
    expect(readInfo(directory)['state']).toBe('running');
    // It was away, so it could not be released, and this process lives.
    fs.rmSync(path.join(directory, 'run.lock'));
    expect(await workOff(server, paths(0, 20), { directory })).toMatchObject({ done: 20 });
    expect((await held(directory)).ids).toEqual(range(0, 20));
  });
});

describe.runIf(fs.existsSync('/dev/full'))('the log of requests on a disk that is full', () => {
  it('is not tried again for each request', () => {
    const log = new RequestLog('/dev/full');
    onTestFinished(() => log.close());
    let tries = 0;
    for (let position = 0; position < 200_000; position++) {
      expect(log.check(position, `/${position}`)).toBe(true);
      if (!log.isLong) continue;
      tries += 1;
      expect(() => log.flush()).toThrow('ENOSPC');
    }
    expect(tries).toBe(3);
    expect(log.length).toBe(200_000);
  });
});
