import { SlidingWindows } from '../../dist/limits/sliding-windows.js';
import { AppPool } from '../../dist/scheduling/app-pool.js';
import { AppSlot } from '../../dist/scheduling/app-slot.js';

/** A pool of so many apps with the same limits. */
export function makePool(apps, limits) {
  const pool = new AppPool();
  for (let app = 0; app < apps; app++) {
    pool.add(new AppSlot({ id: `${app}`, credentials: {} }, new SlidingWindows(limits)));
  }
  return pool;
}
