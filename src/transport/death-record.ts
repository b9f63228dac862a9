/** So many threads may die within {@link WITHIN_MS}, without doubt that they work at all. */
const MAX_DEATHS = 4;
const WITHIN_MS = 60_000;

/** Tells threads that have bad luck now and then from threads that do not work here. */
export class DeathRecord {
  #deaths: number[] = [];

  /** Notes a death. Returns true when there were too many of late: starting another is of no use. */
  note(nowMs: number): boolean {
    this.#deaths = this.#deaths.filter((atMs) => nowMs - atMs < WITHIN_MS);
    this.#deaths.push(nowMs);
    return this.#deaths.length > MAX_DEATHS;
  }
}
