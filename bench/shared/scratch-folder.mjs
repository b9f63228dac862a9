import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

/** Does something with an empty folder, which is removed afterwards. */
export async function withScratchFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'apihydra-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
