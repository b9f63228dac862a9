import type { AppUse } from './report-data.js';

/** Counts answers by app. */
export class AppUses {
  readonly #uses = new Map<string, { answers: number; sumMs: number }>();

  add(appId: string, durationMs: number): void {
    const use = this.#uses.get(appId);
    if (use === undefined) this.#uses.set(appId, { answers: 1, sumMs: durationMs });
    else {
      use.answers += 1;
      use.sumMs += durationMs;
    }
  }

  /** The most used first; among equals by their id. */
  list(): AppUse[] {
    return [...this.#uses]
      .map(([appId, { answers, sumMs }]) => ({ appId, answers, meanMs: sumMs / answers }))
      .toSorted((a, b) => b.answers - a.answers || (a.appId < b.appId ? -1 : 1));
  }
}
