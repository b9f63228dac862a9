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
