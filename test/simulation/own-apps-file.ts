/** An apps file for each test, through which a hydra goes on after another that has ended or crashed. */
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, vi } from 'vitest';
import type { VirtualClock } from '../../src/testing/virtual-clock.js';
import type { Simulation } from './hydra-on-virtual-time.js';

/** In a folder of its own, which is gone after each test. */
export class OwnAppsFile {
  path = '';
  #folder = '';

  constructor() {
    beforeEach(async () => {
      this.#folder = await mkdtemp(join(tmpdir(), 'apihydra-'));
      this.path = join(this.#folder, 'apps.json');
    });
    afterEach(() => rm(this.#folder, { recursive: true, force: true }));
  }

  read(): Promise<string> {
    return readFile(this.path, 'utf8');
  }

  /** Files are written in real time: waits until the latest save, at most 5 s ago in virtual time, is there. */
  saved(clock: VirtualClock): Promise<void> {
    return vi.waitFor(
      async () => {
        const { savedAtMs } = JSON.parse(await this.read()) as { savedAtMs: number };
        if (clock.wallNow() - savedAtMs >= 5100) throw new Error('The latest save is not there');
      },
      { timeout: 10_000, interval: 5 },
    );
  }

  /** The process is gone: it sends nothing more, and the next one finds the file as it was last written. */
  async crash(simulation: Simulation): Promise<void> {
    await this.saved(simulation.clock);
    await this.crashNow(simulation);
  }

  /** The same, with the file as it is now. */
  async crashNow({ hydra, clock }: Simulation): Promise<void> {
    const left = join(this.#folder, 'left.json');
    await copyFile(this.path, left);
    this.path = left;
    for (const app of hydra.apps) hydra.removeApp(app.id);
    await clock.runUntil(hydra.join());
  }
}

/** The work passes in virtual time, writing the file in real time. */
export async function finish({ hydra, clock }: Simulation): Promise<void> {
  await clock.runUntil(hydra.join());
  await hydra.finish();
}
