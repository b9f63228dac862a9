/** Puts other functions in place of the file system's, to hold writes back or to watch them. */
import nodeFs from 'node:fs';
import type * as fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Replaceable = 'write' | 'fdatasync' | 'fdatasyncSync' | 'fsyncSync';

let undo: (() => void)[] = [];

/** Until {@link restoreFs}. */
export function replaceFs<K extends Replaceable>(
  name: K,
  make: (original: (typeof fs)[K]) => (typeof fs)[K],
): void {
  const original = nodeFs[name];
  const set = (value: (typeof fs)[K]): void => {
    nodeFs[name] = value;
    syncBuiltinESMExports();
  };
  undo.push(() => set(original));
  set(make(original));
}

export function restoreFs(): void {
  for (const one of undo.toReversed()) one();
  undo = [];
}

/** Writes that wait. */
export interface HeldWrites {
  readonly waiting: (() => void)[];
  /** Lets them go, and all later ones. */
  release(): void;
}

/** Holds asynchronous writes back until told. */
export function holdWrites(): HeldWrites {
  const waiting: (() => void)[] = [];
  let isHeld = true;
  replaceFs('write', (original) => {
    const write = original as (...args: unknown[]) => void;
    const held = (...args: unknown[]): void => {
      if (isHeld) waiting.push(() => write(...args));
      else write(...args);
    };
    return held as unknown as typeof fs.write;
  });
  return {
    waiting,
    release() {
      isHeld = false;
      for (const go of waiting.splice(0)) go();
    },
  };
}
