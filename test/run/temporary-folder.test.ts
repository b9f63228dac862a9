/** Files in the system's temporary folder, where other users may put some, too. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { until } from '../transport/http-world.js';
import { temporaryPrefix } from '../../src/run/run-files.js';
import {
  failing,
  folder,
  held,
  hydraFor,
  paths,
  range,
  segmentNames,
  workOff,
  world,
} from './run-setting.js';

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

function temporaryFolder(): string {
  const name = folder();
  vi.stubEnv('TMPDIR', name);
  onTestFinished(() => void vi.unstubAllEnvs());
  return name;
}

it('what had to be written there is found on resume, read in order, and retried', async () => {
  const server = await world();
  server.isHeld = true;
  const parent = folder();
  const directory = path.join(parent, 'run');
  const temporary = temporaryFolder();
  server.answer = failing('/4', '/11');
  const { hydra } = hydraFor(server.origin, { responsesPerFile: 5 });
  const run = hydra.run(paths(0, 20), { directory });
  await until(() => server.asked.length === 20);
  fs.renameSync(directory, path.join(parent, 'away'));
  server.release();
  expect(await run.done).toMatchObject({ isComplete: true, done: 18, failed: 2 });
  expect(fs.readdirSync(temporary)).toHaveLength(5);
  fs.renameSync(path.join(parent, 'away'), directory);
  // It was away, so it could not be released, and this process lives.
  fs.rmSync(path.join(directory, 'run.lock'));

  server.asked.length = 0;
  const again = await workOff(server, paths(0, 22), { directory });
  expect(again).toMatchObject({ isComplete: true, skipped: 20, done: 20, failed: 2 });
  expect(server.asked).toEqual(['GET /20', 'GET /21']);
  server.answer = undefined;
  await workOff(server, paths(0, 22), { directory, retryFailures: true });
  expect(server.asked.slice(2)).toEqual(['GET /4', 'GET /11']);
  const all = await held(directory);
  expect([all.ids, all.failed, all.damages]).toEqual([range(0, 22), [], []]);
  expect(all.bodies).toEqual(paths(0, 22));
});

it('what is listed there is found, although the folder is another one now', async () => {
  const server = await world();
  const directory = folder();
  await workOff(server, paths(0, 10), { directory }, { responsesPerFile: 5 });
  const [first = ''] = segmentNames(directory);
  const elsewhere = path.join(temporaryFolder(), `${temporaryPrefix(directory)}${first}`);
  fs.renameSync(path.join(directory, first), elsewhere);
  const list = path.join(directory, 'run.json');
  fs.writeFileSync(list, fs.readFileSync(list, 'utf8').replace(first, elsewhere));
  temporaryFolder();
  expect((await held(directory)).ids).toEqual(range(0, 10));
  const { skipped, log } = await workOff(server, paths(0, 11), { directory });
  expect([skipped, log.filter((line) => line.startsWith('warn'))]).toEqual([10, []]);
  expect((await held(directory)).ids).toEqual(range(0, 11));
});

describe.runIf(isRoot)('what another user has put into the temporary folder', () => {
  it.each(['responses_7_1.jsonl', 'failures.jsonl'])(
    'as %s is no outcome of a run',
    async (name) => {
      const server = await world();
      const [directory, other] = [folder(), folder()];
      await workOff(server, paths(0, 3), { directory: other });
      const [answers = ''] = segmentNames(other);
      const temporary = temporaryFolder();
      const planted = path.join(temporary, `${temporaryPrefix(directory)}${name}`);
      fs.copyFileSync(path.join(other, answers), planted);
      fs.chownSync(planted, NOBODY, NOBODY);
      expect(await workOff(server, paths(0, 3), { directory })).toMatchObject({
        done: 3,
        skipped: 0,
      });
      expect((await held(directory)).outcomes).toHaveLength(3);
    },
  );

  it.each(['as a file', 'as a link'])('%s is not appended to', async (how) => {
    const server = await world();
    server.isHeld = true;
    const parent = folder();
    const directory = path.join(parent, 'run');
    const planted = path.join(temporaryFolder(), `${temporaryPrefix(directory)}failures.jsonl`);
    const target = path.join(parent, 'target');
    fs.writeFileSync(target, '');
    if (how === 'as a link') {
      fs.symlinkSync(target, planted);
    } else {
      fs.writeFileSync(planted, '');
      fs.chownSync(planted, NOBODY, NOBODY);
    }
    server.answer = failing('/0', '/1');
    const { hydra, log } = hydraFor(server.origin);
    const run = hydra.run(paths(0, 3), { directory });
    await until(() => server.asked.length === 3);
    fs.renameSync(directory, path.join(parent, 'away'));
    server.release();
    expect(await run.done).toMatchObject({ done: 1, failed: 2 });
    expect(fs.readFileSync(planted, 'utf8')).toBe('');
    expect(log.join()).toContain('failures.jsonl.txt, as text');
  });
});
