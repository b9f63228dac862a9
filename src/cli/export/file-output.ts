/** An export to a file: written beside it, and given its name when it is whole. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { HydraError } from '../../errors.js';
import type { Output } from './output.js';

/** Answers may be private. */
const OWNER_ONLY = 0o600;
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A file that is there as a whole or not at all. */
export class FileOutput implements Output {
  readonly #target: string;
  readonly #temporary: string;
  readonly #mayReplace: boolean;
  readonly #file: fs.promises.FileHandle;
  readonly #removeAndEnd: (signal: NodeJS.Signals) => void;

  private constructor(target: string, mayReplace: boolean, file: fs.promises.FileHandle) {
    this.#target = target;
    this.#temporary = temporaryOf(target);
    this.#mayReplace = mayReplace;
    this.#file = file;
    this.#removeAndEnd = (signal) => {
      fs.rmSync(this.#temporary, { force: true });
      this.#stopListening();
      process.kill(process.pid, signal);
    };
    for (const signal of ENDING_SIGNALS) process.on(signal, this.#removeAndEnd);
  }

  /**
   * Begins a file.
   *
   * @param mayReplace - whether it may take the place of another one.
   * @throws HydraError `HYDRA_EXPORT` when something is in its place, or it cannot be made.
   */
  static async create(name: string, mayReplace: boolean): Promise<FileOutput> {
    const target = checkedTarget(name, mayReplace);
    const temporary = temporaryOf(target);
    try {
      // Left by a process of the same number that was killed.
      fs.rmSync(temporary, { force: true });
      const file = await fs.promises.open(temporary, 'wx', OWNER_ONLY);
      return new FileOutput(target, mayReplace, file);
    } catch (cause) {
      throw cannotWrite(target, cause);
    }
  }

  async write(data: string | Uint8Array): Promise<void> {
    try {
      await this.#file.appendFile(data);
    } catch (cause) {
      throw cannotWrite(this.#target, cause);
    }
  }

  async finish(): Promise<void> {
    try {
      await this.#file.sync();
      await this.#file.close();
      if (this.#mayReplace) fs.renameSync(this.#temporary, this.#target);
      else moveToFree(this.#temporary, this.#target);
    } catch (cause) {
      throw cause instanceof HydraError ? cause : cannotWrite(this.#target, cause);
    }
    this.#stopListening();
  }

  async discard(): Promise<void> {
    this.#stopListening();
    // It may be closed already, and a failure to close it changes nothing: it is removed.
    await this.#file.close().catch(() => {});
    fs.rmSync(this.#temporary, { force: true });
  }

  #stopListening(): void {
    for (const signal of ENDING_SIGNALS) process.off(signal, this.#removeAndEnd);
  }
}

function temporaryOf(target: string): string {
  return `${target}.${process.pid}.tmp`;
}

/** The file's place, with what is there looked at. A link is followed: what it leads to is replaced. */
function checkedTarget(name: string, mayReplace: boolean): string {
  const found = fs.statSync(name, { throwIfNoEntry: false });
  if (found === undefined) return path.resolve(name);
  if (found.isDirectory()) throw refused(name, 'a file', 'a folder');
  if (!found.isFile()) throw refused(name, 'a file', 'something else, such as a device');
  if (!mayReplace) throw occupied(name);
  return fs.realpathSync(name);
}

/** Gives a file its name, unless another has come to have it meanwhile. */
function moveToFree(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
    fs.rmSync(from);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' || fs.existsSync(to)) throw occupied(to);
    // Some file systems have no second names.
    fs.renameSync(from, to);
  }
}

function occupied(file: string): HydraError {
  return refused(file, 'the name of a new file (or --force, to replace what is there)', 'a file');
}

function refused(file: string, expected: string, got: string): HydraError {
  const message = `Expected --out to be ${expected}, got ${got}: ${file}.`;
  return new HydraError('HYDRA_EXPORT', message, { file });
}

function cannotWrite(file: string, cause: unknown): HydraError {
  const message = `Cannot write ${file}: ${(cause as Error).message}`;
  return new HydraError('HYDRA_EXPORT', message, { file, cause });
}
