import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const bench = fileURLToPath(new URL('..', import.meta.url));

/** Installs whom we are compared with, and what draws, where that was not done yet. */
export function installPeers() {
  if (existsSync(`${bench}node_modules/.package-lock.json`)) return;
  const { status } = spawnSync('npm', ['ci'], { cwd: bench, stdio: 'inherit', shell: isWindows() });
  if (status !== 0) throw new Error(`npm ci in bench/ ended with ${status}`);
}

/** There npm is a script, which only a shell starts. */
function isWindows() {
  return process.platform === 'win32';
}
