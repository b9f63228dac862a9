// Runs one of the measurements by its name: `npm run bench -- kill --kills 20`.
const names = ['kill', 'memory', 'recording', 'open'];
const [name, ...rest] = process.argv.slice(2);

if (names.includes(name)) {
  process.argv = [process.argv[0], process.argv[1], ...rest];
  await import(`./${name}.mjs`);
} else {
  console.error(`Expected one of ${names.join(', ')}, got ${name ?? 'nothing'}.`);
  process.exitCode = 2;
}
