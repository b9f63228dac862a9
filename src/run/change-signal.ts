/** Lets any number of waiters go on once something has changed; they look for themselves what it is. */
export class ChangeSignal {
  #waiting: (() => void)[] = [];

  /** Resolves with the next change. */
  next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Says that something has changed. */
  tell(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const goOn of waiting) goOn();
  }
}
