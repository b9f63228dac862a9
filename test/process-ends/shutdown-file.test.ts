/** A file named SHUTDOWN_HYDRA in the working folder stops the program that runs there. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { readSegments, startChild, startServer, upTo, workingFolder } from './setting.js';

const COUNT = 50;

it('stops it gently, with code 42, once it is made', async () => {
  const server = await startServer();
  const { baseUrl } = server;
  const child = startChild({ baseUrl, ending: 'waits with one held', count: COUNT });
  await Promise.all([child.writes('ready'), server.holds(1)]);
  const file = path.join(child.folder, 'SHUTDOWN_HYDRA');
  fs.writeFileSync(file, '');
  await child.writes(`Stopped by the file ${file}: `);
  server.release();
  expect(await child.ended).toEqual({ code: 42, signal: null });
  expect(readSegments(child.folder)).toMatchObject({ ids: upTo(COUNT + 1), unended: [] });
});

it('left over from before the program started stops nothing, and is told of, until it is touched', async () => {
  const { baseUrl } = await startServer();
  const folder = workingFolder();
  const file = path.join(folder, 'SHUTDOWN_HYDRA');
  fs.writeFileSync(file, '');
  const finished = startChild({ baseUrl, ending: 'runs out of work', count: COUNT }, folder);
  expect(await finished.ended).toEqual({ code: 0, signal: null });
  expect(finished.stderr).toContain(`${file} was there before this program started`);

  const options = { responsesFilePathTemplate: './.responses_again_%s_%s.json' };
  const child = startChild({ baseUrl, ending: 'waits', count: COUNT, options }, folder);
  await child.writes('does not stop it');
  await child.writes('ready');
  fs.writeFileSync(file, '');
  expect(await child.ended).toEqual({ code: 42, signal: null });
  expect(readSegments(folder).unended).toEqual([]);
});
