/** Puts a new file in place of an old one: a reader, and a power failure, find the one or the other. */
import * as fs from 'node:fs';

const OWNER_ONLY = 0o600;

/** @throws the file system's error; the old file is then as it was. */
export async function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.tmp`;
  try {
    await fs.promises.writeFile(draft, content, { mode: OWNER_ONLY, flush: true });
    await fs.promises.rename(draft, file);
  } catch (error) {
    await fs.promises.rm(draft, { force: true });
    throw error;
  }
}

/** The same at once, for a process that ends. */
export function replaceFileSync(file: string, content: string | Uint8Array): void {
  // Another name: an unfinished draft of the other kind must not be renamed over this one.
  const draft = `${file}.last.tmp`;
  try {
    fs.writeFileSync(draft, content, { mode: OWNER_ONLY, flush: true });
    fs.renameSync(draft, file);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}
