// Asks a server with TLS through threads, as its first argument says, and tells what came; ends by
// itself, with or without `finish()`.
import { ApiHydra, bearerToken, defineApi } from '../../dist/index.js';

const { origin, count, http2, finishes } = JSON.parse(process.argv[2]);
const hydra = new ApiHydra({
  api: defineApi({
    baseUrl: origin,
    limits: [{ requests: 1000, perMs: 1000 }],
    auth: bearerToken(),
    responseType: 'json',
  }),
  apps: [{ id: 'a', credentials: { token: 't' } }],
  appsFile: false,
  store: false,
  minRequestDelayMs: 0,
  threads: 2,
  http2,
});
for (let id = 0; id < count; id++) hydra.get(`/${id}`);
const pairs = await hydra.getResponsesAsJson();
process.stdout.write(JSON.stringify(pairs.map(([, body]) => body.path)));
if (finishes) await hydra.finish();
