// A run in a process of its own, to be ended from outside. It tells how far it is.
import { ApiHydra, bearerToken, defineApi } from '../../dist/index.js';

const [origin, directory, requests, appsFile] = process.argv.slice(2);
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
const paths = Array.from({ length: Number(requests) }, (_, index) => `/${index}`);
const run = hydra.run(paths, { directory });
process.send?.('running');
process.on('message', (how) => {
  if (how === 'exit') process.exit(3);
  throw new Error('told to');
});
const summary = await run.done;
console.log(JSON.stringify(summary));
await hydra.finish();
process.disconnect?.();
