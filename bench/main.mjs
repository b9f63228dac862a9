// `npm run bench`: the whole comparison. `npm run bench -- kill --kills 20`: one measurement by its name.
import { installPeers } from './compare/install-peers.mjs';

const measurements = ['kill', 'memory', 'recording', 'open', 'threads', 'simulator'];
const parts = ['rate', 'cost', 'growth', 'micro', 'draw'];
const names = [...measurements, ...parts];
const hasName = process.argv[2] !== undefined && !process.argv[2].startsWith('--');
const name = hasName ? process.argv.splice(2, 1)[0] : undefined;

if (measurements.includes(name)) {
  await import(`./${name}.mjs`);
} else if (name === undefined || parts.includes(name)) {
  installPeers();
  const { compare } = await import('./compare/compare.mjs');
  await compare(name);
} else {
  console.error(`Expected one of ${names.join(', ')}, or nothing for a comparison, got ${name}.`);
  process.exitCode = 2;
}
