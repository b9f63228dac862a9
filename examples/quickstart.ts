// The README's quickstart, against the stand-in, so that it runs anywhere. With an account of your own,
// leave out the stand-in's two addresses.
import { writeFile } from 'node:fs/promises';
import { FtApiHydra } from 'apihydra/42';
import { startIntra42 } from 'apihydra/testing';

const intra = await startIntra42({ users: 40 });

const hydra = new FtApiHydra({
  stats: true,
  maxRetries: 100,
  requestsPerSecond: 1.9,
  minRequestDelayMs: 20,
  logLevel: 'info',
  intraLogin: process.env['INTRA_LOGIN'] ?? intra.login,
  intraPassword: process.env['INTRA_PASSWORD'] ?? intra.password,
  apiBase: intra.apiBase,
  profileBase: intra.profileBase,
});

await hydra.setNumberOfApps(10);
const page = await hydra.get('/campus/berlin/users').json<{ login: string }[]>();
hydra.clearResponses();
for (const { login } of page) hydra.get(`/users/${login}`);
const data = await hydra.getResponsesAsJson();

await writeFile('output.json', JSON.stringify(data));
await hydra.finish();
await intra.close();

if (data.length !== 30) throw new Error(`Expected 30 users, got ${data.length}`);
