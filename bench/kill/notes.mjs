// What the server and the killed processes have noted, and what follows from it.
import { existsSync, readFileSync } from 'node:fs';

/** What a killed process has noted: which outcomes counted as recorded, and when its beats began. */
export function readWitness(file) {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  // What follows the last line feed was cut off.
  const notes = lines.slice(0, -1).map((line) => line.split(' '));
  return {
    recorded: notes
      .filter(([what]) => what === 'recorded')
      .map(([, id, lateMs]) => ({ id: Number(id), lateMs: Number(lateMs) })),
    beats: notes.filter(([what]) => what === 'beat').map(([, beganAt]) => Number(beganAt)),
  };
}

/**
 * The requests that were asked again in a later round although an answer had been sent to its last byte.
 *
 * @param file - the server's notes.
 */
export function askedAgain(file) {
  const answered = new Map();
  const again = [];
  for (const line of readFileSync(file, 'utf8').split('\n').slice(0, -1)) {
    const [what, ...numbers] = line.split(' ');
    const [id, round, atMs] = numbers.map(Number);
    const before = answered.get(id);
    if (what === 'sent') answered.set(id, { round, atMs });
    else if (before !== undefined && before.round < round) {
      again.push({ id, killedIn: before.round, askedIn: round, answeredAt: before.atMs });
      answered.delete(id);
    }
  }
  return again;
}
