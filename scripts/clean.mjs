// Removes what the build makes, so that nothing stale is tested or published.
import { rmSync } from 'node:fs';

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });
