import type { AppsFileContent } from '../engine/apps-file.js';

/** An app in the apps file, without its secrets. */
export interface KnownApp {
  readonly id: string;
  readonly name: string | null;
  /** What it may still ask in its longest window, for the 42 Intra an hour, and at most. */
  readonly left: number | null;
  readonly max: number | null;
}

/** The apps in an apps file, with what they may still ask as far as the file knows. */
export function knownApps(content: AppsFileContent | undefined, nowMs: number): KnownApp[] {
  return (content?.apps ?? []).map(({ app, sentAtMs }) => {
    const longest = app.limits?.toSorted((a, b) => b.perMs - a.perMs)[0];
    const { id, name = null } = app;
    if (longest === undefined) return { id, name, left: null, max: null };
    const max = longest.requests;
    const used = sentAtMs.filter((atMs) => atMs > nowMs - longest.perMs).length;
    return { id, name, left: Math.max(0, max - used), max };
  });
}
