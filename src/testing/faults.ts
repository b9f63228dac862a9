import type { Random } from '../random.js';
import type { Intra42Faults } from './intra42-options.js';

/** A way in which an answer goes wrong. */
export type FaultKind = keyof Intra42Faults;

/** Draws whether an answer goes wrong, and how; at most one way each. */
export function drawFault(faults: Intra42Faults, random: Random): FaultKind | undefined {
  let left = random();
  for (const [kind, share = 0] of Object.entries(faults)) {
    left -= share;
    if (left < 0) return kind as FaultKind;
  }
  return undefined;
}
