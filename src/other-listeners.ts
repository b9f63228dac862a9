/** Whether somebody else in the program decides what becomes of it on a signal. */

/** Marks our own listeners, those of another copy of this package in the same process too. */
const OURS = Symbol.for('apihydra.signal-listener');

/** Marks a listener as ours. */
export function markAsOurs(listener: NodeJS.SignalsListener): void {
  Object.assign(listener, { [OURS]: true });
}

/**
 * True when the program has listeners of its own for the signal.
 *
 * Those of the package `signal-exit`, which many others bring along, do not count: they do nothing as
 * long as there are other listeners, so that each would leave it to the other, and nothing would end.
 */
export function hasOtherListeners(signal: NodeJS.Signals): boolean {
  const others = process.listeners(signal).filter((listener) => !(OURS in listener));
  return others.length > signalExitListeners();
}

/** As `signal-exit` itself counts them, in its versions 3 and 4. */
function signalExitListeners(): number {
  const emitters: readonly unknown[] = [
    Reflect.get(process, '__signal_exit_emitter__'),
    Reflect.get(globalThis, Symbol.for('signal-exit emitter')),
  ];
  const counts = emitters.map((emitter) => (emitter as { count?: unknown } | undefined)?.count);
  return counts.reduce<number>((sum, one) => sum + (typeof one === 'number' ? one : 0), 0);
}
