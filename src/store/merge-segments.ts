/** Brings the outcomes of many sources into the order of asking, with little memory. */
import { outcomeId, type Outcome } from '../request/request.js';
import type { OutcomeCursor } from './segment-cursor.js';

/**
 * So many segments are held open at once. More may have outcomes around one id: a request that was
 * retried for long is recorded far behind its neighbours. Those are put aside and opened again.
 */
const OPEN_AT_ONCE = 16;

/** The outcomes of all cursors by rising id, each id once: the first cursor that has it wins. */
export async function* mergeOutcomes(
  cursors: readonly OutcomeCursor[],
): AsyncGenerator<Outcome, void, undefined> {
  const left = new Set(cursors);
  /** The one used longest ago first. */
  const open = new Set<OutcomeCursor>();
  let lastId = -Infinity;
  try {
    for (let cursor = smallest(left); cursor !== undefined; cursor = smallest(left)) {
      open.delete(cursor);
      if (open.size === OPEN_AT_ONCE) {
        const [oldest] = open;
        open.delete(oldest as OutcomeCursor);
        await oldest?.suspend();
      }
      open.add(cursor);
      const second = smallest(left, cursor)?.nextId ?? Infinity;
      // Most outcomes follow one another in one segment.
      do {
        const outcome = await cursor.next();
        if (outcome === undefined || outcomeId(outcome) <= lastId) continue;
        lastId = outcomeId(outcome);
        yield outcome;
      } while (cursor.nextId !== undefined && cursor.nextId < second);
      if (cursor.nextId !== undefined) continue;
      left.delete(cursor);
      open.delete(cursor);
      await cursor.suspend();
    }
  } finally {
    for (const cursor of open) await cursor.suspend();
  }
}

function smallest(
  cursors: ReadonlySet<OutcomeCursor>,
  except?: OutcomeCursor,
): OutcomeCursor | undefined {
  let best: OutcomeCursor | undefined;
  for (const cursor of cursors) {
    if (cursor === except || cursor.nextId === undefined) continue;
    if (best?.nextId === undefined || cursor.nextId < best.nextId) best = cursor;
  }
  return best;
}
