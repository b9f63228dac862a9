/** What the guard starts from and keeps to; milliseconds. */
export interface GuardSettings {
  readonly initialMs: number;
  readonly maxMs: number;
  /** Factor of growth on a refusal. */
  readonly growth: number;
  /** Refusals within this time of one that made it grow belong to the same burst. */
  readonly burstMs: number;
  /** Without a refusal for so long, it gives back half of what it grew. */
  readonly calmMs: number;
}

const defaults: GuardSettings = {
  initialMs: 30,
  maxMs: 400,
  growth: 1.6,
  burstMs: 1000,
  calmMs: 60_000,
};

/**
 * The milliseconds that are added to each window, so that two requests whose ways to the server
 * take differently long do not come too close there. Grows at once on a refusal.
 */
export class Guard {
  readonly #settings: GuardSettings;
  #ms: number;
  #changedAtMs = -Infinity;

  constructor(settings: Partial<GuardSettings> = {}) {
    this.#settings = { ...defaults, ...settings };
    this.#ms = this.#settings.initialMs;
  }

  /** The guard in force. */
  get ms(): number {
    return this.#ms;
  }

  /** The server refused a request that the windows admitted. */
  onRefusal(nowMs: number): void {
    const { growth, maxMs, burstMs } = this.#settings;
    if (nowMs - this.#changedAtMs < burstMs) return;
    this.#ms = Math.min(this.#ms * growth, maxMs);
    this.#changedAtMs = nowMs;
  }

  /** The server accepted a request. */
  onAcceptance(nowMs: number): void {
    const { initialMs, calmMs } = this.#settings;
    if (this.#ms === initialMs || nowMs - this.#changedAtMs < calmMs) return;
    const half = initialMs + (this.#ms - initialMs) / 2;
    this.#ms = half - initialMs < 0.5 ? initialMs : half;
    this.#changedAtMs = nowMs;
  }
}
