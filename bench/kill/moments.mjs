// When a process is killed: by chance, but so that each kind of moment is met often.
import { watch } from 'node:fs';

/** A kind of moment, its share, and how long after it the process lives on at most, milliseconds. */
const kinds = [
  { name: 'start', share: 0.1, mostMs: 150 },
  { name: 'opening', share: 0.2, mostMs: 60 },
  { name: 'note', share: 0.1, mostMs: 3 },
  { name: 'compression', share: 0.15, mostMs: 15 },
  { name: 'middle', share: 0.45, mostMs: 1000 },
];

/** Where nothing is noted or compressed for so long, it is killed all the same. */
const LONGEST_MS = 3000;
/** A process that has recorded nothing after so long is stuck. */
const STUCK_AFTER_MS = 60_000;

/** Picks a moment. */
export function pickMoment(random, compress) {
  let left = random();
  const picked = kinds.find(({ share }) => (left -= share) < 0) ?? kinds.at(-1);
  const kind = picked.name === 'compression' && !compress ? kinds.at(-1) : picked;
  return { name: kind.name, delayMs: random() * kind.mostMs, nth: 1 + Math.floor(random() * 6) };
}

/** Resolves at the moment: to true, or to false where it does not come. */
export function moment({ name, delayMs, nth }, child, directory) {
  const waiting = new AbortController();
  const { signal } = waiting;
  return new Promise((resolve) => {
    const end = (isMet) => {
      waiting.abort();
      resolve(isMet);
    };
    const arrive = () => setTimeout(end, delayMs, true);
    child.once('exit', () => end(false));
    setTimeout(end, STUCK_AFTER_MS, false).unref();
    if (name === 'start') arrive();
    else if (name === 'note')
      onDraft(directory, signal, nth, /^(done\.bitmap|run\.json)\.tmp$/, arrive);
    else if (name === 'compression') onDraft(directory, signal, 1, /\.gz\.tmp$/, arrive);
    child.on('message', (content) => {
      if (content === 'opening' && name === 'opening') arrive();
      if (content === 'recording' && name === 'middle') arrive();
      if (content === 'recording') setTimeout(end, LONGEST_MS, true);
    });
  });
}

/** Calls back when a draft of a name that matches is made for the n-th time. */
function onDraft(directory, signal, nth, pattern, arrive) {
  let left = nth;
  watch(directory, { signal }, (event, name) => {
    if (event !== 'rename' || !pattern.test(name)) return;
    left -= 1;
    if (left === 0) arrive();
  });
}
