/** What everything waits for, when nothing can be sent. `reason` is for people. */
export type EngineWait =
  /** The server is down for everybody; it is asked again at `untilMs` (of the clock), or just now. */
  | { readonly kind: 'server'; readonly untilMs: number; readonly reason: string }
  /** All apps are used up or parked; the first is free again at `untilMs` (of the clock). */
  | { readonly kind: 'windows'; readonly untilMs: number; readonly reason: string }
  /** No app has a token. `untilMs` (of the clock) is there when they are asked for at a set time. */
  | { readonly kind: 'tokens'; readonly untilMs?: number | undefined; readonly reason: string };

/** A shorter time without requests is how a slow limit spaces them, not a wait. */
const SHORT_WAIT_MS = 1000;

/** How the apps stand, while requests are ready and none is under way. */
interface IdleApps {
  /** True when some app has what it signs with. */
  readonly canAnySign: boolean;
  /** When tokens are asked for again, should that be at a set time. */
  readonly tokensAskedAtMs: number | undefined;
  /** When the first app is free again, should none be. */
  readonly freeAtMs: number | undefined;
}

/** What requests wait for that are ready, as far as the apps go; `undefined` when they may be sent. */
export function waitForApps(apps: IdleApps, nowMs: number): EngineWait | undefined {
  const { canAnySign, tokensAskedAtMs, freeAtMs } = apps;
  if (!canAnySign) {
    const reason = 'no app has a token, they are being asked for';
    return { kind: 'tokens', untilMs: tokensAskedAtMs, reason };
  }
  if (freeAtMs === undefined || freeAtMs - nowMs < SHORT_WAIT_MS) return undefined;
  const seconds = Math.ceil((freeAtMs - nowMs) / 1000);
  const reason = `all apps are used up or parked, the first is free in ${seconds} s`;
  return { kind: 'windows', untilMs: freeAtMs, reason };
}
