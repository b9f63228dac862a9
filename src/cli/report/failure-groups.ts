import type { HydraFailure } from '../../request/request.js';
import type { FailureGroup } from './report-data.js';

/** Groups failures by error code and status, each with its first one as an example. */
export class FailureGroups {
  readonly #groups = new Map<string, { -readonly [K in keyof FailureGroup]: FailureGroup[K] }>();

  add({ method, url, error }: HydraFailure): void {
    const { code, message } = error;
    const { status } = error.facts;
    const key = `${code} ${status}`;
    const group = this.#groups.get(key);
    if (group === undefined) {
      this.#groups.set(key, { code, status, requests: 1, example: { method, url, message } });
    } else group.requests += 1;
  }

  /** The most frequent first. */
  list(): FailureGroup[] {
    return [...this.#groups.values()].toSorted((a, b) => b.requests - a.requests);
  }
}
