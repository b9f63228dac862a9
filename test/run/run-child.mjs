// Runs in a process of their own, to be ended from outside. It tells how far they are.
import { ApiHydra, bearerToken, defineApi } from '../../dist/index.js';

const tasks = JSON.parse(process.argv[2]);

function start({ origin, directory, appsFile, requests, list }) {
  const hydra = new ApiHydra({
    api: defineApi({
      name: 'test',
      baseUrl: origin,
      limits: [{ requests: 100_000, perMs: 1000 }],
      auth: bearerToken(),
    }),
    apps: [{ id: 'a', credentials: { token: 'the-secret-token' } }],
    appsFile,
    store: false,
    minRequestDelayMs: 0,
    maxConcurrency: 5,
    logLevel: 'error',
  });
  if (list !== undefined)
    return { hydra, run: hydra.runPages(list.path, { ...list.options, directory }) };
  const paths = Array.from({ length: requests }, (_, index) => `/${index}`);
  return { hydra, run: hydra.run(paths, { directory }) };
}

async function carryOut({ hydra, run }) {
  for await (const { kind, response } of run) {
    if (kind === 'response') process.send?.({ directory: run.directory, recorded: response.id });
  }
  console.log(JSON.stringify(await run.done));
  await hydra.finish();
}

const started = tasks.map(start);
process.send?.('running');
process.on('message', (how) => {
  if (how === 'exit') process.exit(3);
  throw new Error('told to');
});
await Promise.all(started.map(carryOut));
process.disconnect?.();
