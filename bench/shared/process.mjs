// Processes beside this one: each is told what to do in its first argument, and reports by messages.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts a module of this folder in a process of its own, which ends with this one. */
export function start(module, given, nodeOptions = []) {
  return fork(fileURLToPath(module), [JSON.stringify(given)], {
    execArgv: nodeOptions,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
}

/** What it was told to do. For the process that was started. */
export function task() {
  process.on('disconnect', () => process.exit());
  return JSON.parse(process.argv[2]);
}

/** The next message of a process. Rejects with what it wrote to stderr when it ends without one. */
export async function message(child) {
  const errors = [];
  const note = (chunk) => errors.push(chunk);
  child.stderr.on('data', note);
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([content]) => content),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`A process ended with ${code}: ${Buffer.concat(errors).toString()}`);
      }),
    ]);
  } finally {
    waiting.abort();
    child.stderr.off('data', note);
  }
}

/** Collects what a process writes to stderr; call the result for what there is so far. */
export function collectErrors(child) {
  const chunks = [];
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** Ends a process that was started here. */
export async function stop(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}
