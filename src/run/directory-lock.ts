/** Sees to it that one process at a time works in a directory. */
import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import { hostname } from 'node:os';
import * as path from 'node:path';
import { HydraError } from '../errors.js';

const LOCK_FILE = 'run.lock';

interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, so that another one of the same number is told apart; where that is known. */
  readonly started: string | undefined;
  /** Tells two locks of one process apart. */
  readonly token: string;
}

/** A lock that is held. */
export interface DirectoryLock {
  release(): void;
}

/**
 * Takes the lock of a directory; one that a dead process has left is taken over.
 *
 * @throws HydraError `HYDRA_RUN_LOCKED` when another process, or another run of this one, has it.
 */
export function lockDirectory(directory: string): DirectoryLock {
  const file = path.join(directory, LOCK_FILE);
  const me: Holder = {
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
    token: randomUUID(),
  };
  if (!create(file, me)) takeOver(file, me, directory);
  return {
    release: () => {
      if (read(file)?.token === me.token) fs.rmSync(file, { force: true });
    },
  };
}

/** Who holds the lock of a directory; `undefined` where nobody does that is alive. */
export function lockHolder(
  directory: string,
): { readonly pid: number; readonly host: string } | undefined {
  const holder = read(path.join(directory, LOCK_FILE));
  return holder !== undefined && isAlive(holder)
    ? { pid: holder.pid, host: holder.host }
    : undefined;
}

/** Whoever takes over does it under a lock of its own, so that two never do it at once. */
function takeOver(file: string, me: Holder, directory: string): void {
  const turnstile = `${file}.takeover`;
  const other = read(file);
  if (other !== undefined && isAlive(other)) throw locked(directory, other);
  if (!create(turnstile, me)) {
    const passing = read(turnstile);
    if (passing !== undefined && isAlive(passing)) throw locked(directory, passing);
    fs.rmSync(turnstile, { force: true });
    if (!create(turnstile, me)) throw locked(directory, read(turnstile));
  }
  try {
    const now = read(file);
    if (now !== undefined && isAlive(now)) throw locked(directory, now);
    fs.rmSync(file, { force: true });
    if (!create(file, me)) throw locked(directory, read(file));
  } finally {
    fs.rmSync(turnstile, { force: true });
  }
}

/** Makes the file with its content at once: nobody sees it empty. False when there is one. */
function create(file: string, me: Holder): boolean {
  const draft = `${file}.${me.token}`;
  fs.writeFileSync(draft, JSON.stringify(me), { mode: 0o600 });
  try {
    fs.linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    return createWithoutLinks(file, me, error as NodeJS.ErrnoException);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** For file systems that know no hard links. */
function createWithoutLinks(file: string, me: Holder, error: NodeJS.ErrnoException): boolean {
  if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(error.code ?? ''))
    throw error;
  try {
    fs.writeFileSync(file, JSON.stringify(me), { mode: 0o600, flag: 'wx' });
    return true;
  } catch (exists) {
    if ((exists as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw exists;
  }
}

function read(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(fs.readFileSync(file, 'utf8')) as Partial<Holder> | null;
    const isHolder = typeof holder?.pid === 'number' && typeof holder.host === 'string';
    return isHolder ? (holder as Holder) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(holder: Holder): boolean {
  // Of another machine nothing is known; taking its lock could spoil its run.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startOf(holder.pid);
  if (started === ENDED) return false;
  return started === undefined || holder.started === undefined || started === holder.started;
}

/** Of a process that has ended, but whose parent has not looked yet. */
const ENDED = 'ended';

/** When a process started, in ticks since the machine did, and which start of the machine that was. Linux only. */
function startOf(pid: number): string | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, so fields are counted after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return ENDED;
    return `${fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${fields[19]}`;
  } catch {
    return undefined;
  }
}

function locked(directory: string, holder: Holder | undefined): HydraError {
  const who = holder === undefined ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new HydraError(
    'HYDRA_RUN_LOCKED',
    `The run in ${directory} belongs to ${who}. Wait for it or stop it; if it is surely dead, remove ${path.join(directory, LOCK_FILE)}.`,
    { file: path.join(directory, LOCK_FILE) },
  );
}
