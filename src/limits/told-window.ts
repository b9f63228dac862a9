/** What answers tell of the windows of the app that they were asked with. */

/** One window, as far as one answer tells of it; what it does not tell is `undefined`. */
export interface ToldWindow {
  /** The header that tells it, and the policy where it names one: finds the window again in the next answer. */
  readonly name: string;
  /** Requests that the window admits, at least 1. */
  readonly requests: number | undefined;
  /** Length of the window, milliseconds. */
  readonly perMs: number | undefined;
  /** Requests that were left when the answer was made. */
  readonly remaining: number | undefined;
  /** From then until the window begins anew, milliseconds. */
  readonly resetMs: number | undefined;
  /**
   * The scope whose window it is; left out: it is the app's own. What a request of another scope tells of
   * it is passed over.
   */
  readonly scope?: string | undefined;
}

/** Header values by name (lower case); headers that came several times are lists. */
export type ToldHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;
