/** What the stand-in saw: the account that tests judge by. Times are milliseconds of its clock. */

/** One request for the API, as the limiter saw it. */
export interface Arrival {
  readonly atMs: number;
  readonly appId: string;
  readonly accepted: boolean;
}

/** Sums over all requests. */
export interface AccountTotals {
  /** API requests that reached the limiter. */
  readonly arrived: number;
  readonly accepted: number;
  /** Answered with 429. */
  readonly refused: number;
  /** API requests under way at once, at most. */
  readonly highestInFlight: number;
  /** Successful answers beyond the first to the same method and URL. */
  readonly repeats: number;
  /** Answers by status, API only; broken ones count under `reset`, `truncated` or `stall`. */
  readonly byStatus: Readonly<Record<string, number>>;
  /** Requests for a token. */
  readonly tokenRequests: number;
  /** Requests for pages of the website, sign-in left out. */
  readonly pageRequests: number;
  /** Sign-ins that succeeded. */
  readonly signIns: number;
}

/** Time from the first arrival after which a rate is steady. */
const STEADY_AFTER_MS = 2000;

/** Keeps count. 16 bytes a request, and its URL for the repeats. */
export class Account {
  readonly #appIds: string[] = [];
  readonly #appIndex = new Map<string, number>();
  #times = new Float64Array(1024);
  /** Index of the app, times two, plus one when accepted. */
  #marks = new Int32Array(1024);
  #count = 0;
  #accepted = 0;
  #inFlight = 0;
  #highestInFlight = 0;
  #repeats = 0;
  #byStatus: Record<string, number> = {};
  readonly #succeeded = new Set<string>();
  tokenRequests = 0;
  pageRequests = 0;
  signIns = 0;

  get totals(): AccountTotals {
    const { tokenRequests, pageRequests, signIns } = this;
    return {
      arrived: this.#count,
      accepted: this.#accepted,
      refused: this.#count - this.#accepted,
      highestInFlight: this.#highestInFlight,
      repeats: this.#repeats,
      byStatus: { ...this.#byStatus },
      tokenRequests,
      pageRequests,
      signIns,
    };
  }

  /** Time from the first arrival to the last, seconds. */
  get seconds(): number {
    return this.#count === 0
      ? 0
      : ((this.#times[this.#count - 1] ?? 0) - (this.#times[0] ?? 0)) / 1000;
  }

  /** The API requests, of one app or of all, in the order of their arrival. */
  arrivals(appId?: string): Arrival[] {
    const list: Arrival[] = [];
    for (let i = 0; i < this.#count; i++) {
      const mark = this.#marks[i] ?? 0;
      const id = this.#appIds[mark >> 1] ?? '';
      if (appId !== undefined && id !== appId) continue;
      list.push({ atMs: this.#times[i] ?? 0, appId: id, accepted: (mark & 1) === 1 });
    }
    return list;
  }

  /** The most accepted requests that any window of `perMs` holds, of one app or of whichever has most. */
  highestInWindow(perMs: number, appId?: string): number {
    const ids = appId === undefined ? this.#appIds : [appId];
    return Math.max(0, ...ids.map((id) => highestCount(this.#acceptedTimes(id), perMs)));
  }

  /**
   * Accepted requests a second, over whole seconds from 2 s after the first arrival; 0 when there is
   * no whole one.
   */
  rate(): number {
    const times = this.#acceptedTimes();
    const fromMs = (this.#times[0] ?? 0) + STEADY_AFTER_MS;
    const seconds = Math.floor(((times.at(-1) ?? 0) - fromMs) / 1000);
    if (seconds < 1) return 0;
    return (
      times.filter((time) => time >= fromMs && time < fromMs + seconds * 1000).length / seconds
    );
  }

  /** Forgets everything so far. */
  reset(): void {
    this.#count = 0;
    this.#accepted = 0;
    this.#highestInFlight = this.#inFlight;
    this.#repeats = 0;
    this.#byStatus = {};
    this.#succeeded.clear();
    this.tokenRequests = 0;
    this.pageRequests = 0;
    this.signIns = 0;
  }

  /** @internal */
  noteArrival(atMs: number, appId: string, accepted: boolean): void {
    if (this.#count === this.#times.length) this.#grow();
    let index = this.#appIndex.get(appId);
    if (index === undefined) {
      index = this.#appIds.push(appId) - 1;
      this.#appIndex.set(appId, index);
    }
    this.#times[this.#count] = atMs;
    this.#marks[this.#count] = index * 2 + (accepted ? 1 : 0);
    this.#count += 1;
    if (accepted) this.#accepted += 1;
  }

  /** @internal */
  noteStart(): void {
    this.#inFlight += 1;
    this.#highestInFlight = Math.max(this.#highestInFlight, this.#inFlight);
  }

  /** @internal */
  noteEnd(): void {
    this.#inFlight -= 1;
  }

  /** @internal */
  noteAnswer(status: string, target: string): void {
    this.#byStatus[status] = (this.#byStatus[status] ?? 0) + 1;
    if (!status.startsWith('2')) return;
    if (this.#succeeded.has(target)) this.#repeats += 1;
    else this.#succeeded.add(target);
  }

  #acceptedTimes(appId?: string): number[] {
    const wanted = appId === undefined ? undefined : this.#appIndex.get(appId);
    const times: number[] = [];
    for (let i = 0; i < this.#count; i++) {
      const mark = this.#marks[i] ?? 0;
      if ((mark & 1) === 0 || (appId !== undefined && mark >> 1 !== wanted)) continue;
      times.push(this.#times[i] ?? 0);
    }
    return times;
  }

  #grow(): void {
    const times = new Float64Array(this.#times.length * 2);
    const marks = new Int32Array(this.#marks.length * 2);
    times.set(this.#times);
    marks.set(this.#marks);
    this.#times = times;
    this.#marks = marks;
  }
}

function highestCount(times: readonly number[], perMs: number): number {
  let highest = 0;
  let first = 0;
  times.forEach((time, index) => {
    while ((times[first] ?? time) <= time - perMs) first += 1;
    highest = Math.max(highest, index - first + 1);
  });
  return highest;
}
