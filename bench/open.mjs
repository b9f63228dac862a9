// How long it takes to open a directory with 10,000,000 done requests, their paths read again, until the
// first new request is sent; and how long where the done-set is lost, so that all is looked through.
import { rmSync } from 'node:fs';
import { createServer } from 'node:http';
import * as path from 'node:path';
import { makeDirectory } from './open/make-directory.mjs';
import { numbersFromArguments } from './shared/arguments.mjs';
import { message, start, stop } from './shared/process.mjs';
import { withScratchFolder } from './shared/scratch-folder.mjs';

const MOST_SECONDS = 20;
/** Requests that are left: each time that it is opened, some. */
const LEFT_EACH = 10;
const { done } = numbersFromArguments({ done: 10_000_000 });

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function open(directory, port, isDone) {
  const requests = isDone + LEFT_EACH;
  const given = { port, directory, done: isDone, requests };
  const child = start(new URL('./open/go-on.mjs', import.meta.url), given);
  const { isRight, summary, seconds, peakMb } = await message(child);
  await stop(child);
  if (!isRight) throw new Error(`It ended with ${JSON.stringify(summary)}`);
  return { seconds, text: `${seconds.toFixed(1)} s, peak ${peakMb.toFixed(0)} MB` };
}

await withScratchFolder(async (folder) => {
  const directory = path.join(folder, 'run');
  const port = await freePort();
  const pathOf = (id) => `/users/${id}`;
  makeDirectory(directory, { done, baseUrl: `http://127.0.0.1:${port}`, pathOf });
  const known = await open(directory, port, done);
  console.log(
    `${done} done requests, with the done-set: ${known.text} (target: ${MOST_SECONDS} s)`,
  );
  rmSync(path.join(directory, 'done.bitmap'));
  const rebuilt = await open(directory, port, done + LEFT_EACH);
  console.log(`${done} done requests, all looked through: ${rebuilt.text}`);
  process.exitCode = known.seconds < MOST_SECONDS ? 0 : 1;
});
