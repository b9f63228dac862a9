// An API of one's own: two keys, five requests a second each, against a small server.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiHydra, bearerToken, defineApi } from 'apihydra';

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ path: request.url, key: request.headers.authorization }));
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const api = defineApi({
  baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
  limits: [{ requests: 5, perMs: 1000 }],
  auth: bearerToken(),
});
const apps = ['first-key', 'second-key'].map((token, index) => ({
  id: `key${index}`,
  credentials: { token },
}));

const hydra = new ApiHydra({ api, apps, appsFile: false });
const item = await hydra.get('/items/1', { query: { fields: 'name' } }).json<{ path: string }>();
console.log(item.path);
for (let id = 2; id <= 10; id++) hydra.get(`/items/${id}`);
for await (const response of hydra.responses()) console.log(response.url, response.appId);
console.log(hydra.stats);
await hydra.finish();
server.close();
