// CPU time of each thread of a process, as Linux counts it.
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds by thread id. The main thread's id is that of the process. */
export function threadTimes(pid) {
  const folder = `/proc/${pid}/task`;
  const times = new Map();
  for (const id of readdirSync(folder)) {
    try {
      times.set(
        Number(id),
        Number(readFileSync(`${folder}/${id}/schedstat`, 'utf8').split(' ')[0]) / 1e6,
      );
    } catch {
      // It has just ended.
    }
  }
  return times;
}

/** What was spent since: that of the main thread, and of the others, the most first. */
export function spentSince(before, pid) {
  const spent = [...threadTimes(pid)].map(([id, ms]) => [id, ms - (before.get(id) ?? 0)]);
  return {
    main: spent.find(([id]) => id === pid)?.[1] ?? 0,
    others: spent
      .filter(([id]) => id !== pid)
      .map(([, ms]) => ms)
      .toSorted((a, b) => b - a),
  };
}
