// A job that is broken off in the middle, and gone on with: nothing is asked twice, nothing is lost.
import { readRun } from 'apihydra';
import { FtApiHydra } from 'apihydra/42';
import { startIntra42 } from 'apihydra/testing';

const intra = await startIntra42({ users: 200, limits: [{ requests: 50, perMs: 1000 }] });
const options = {
  intraLogin: intra.login,
  intraPassword: intra.password,
  apiBase: intra.apiBase,
  profileBase: intra.profileBase,
  store: false,
};

/** Read only as fast as it is asked: it might as well be a file of 100 million lines. */
function* paths(): Generator<string> {
  for (let index = 0; index < 200; index++) yield `/users/${intra.user(index)?.login}`;
}

const stop = new AbortController();
await using first = new FtApiHydra(options);
await first.setNumberOfApps(2);
const begun = first.run(paths(), { directory: './users', signal: stop.signal });
for await (const outcome of begun) {
  if (outcome.kind === 'failure') throw outcome.failure.error;
  if (begun.progress.done >= 50) stop.abort();
}
console.log(await begun.done);
await first.finish();

await using second = new FtApiHydra(options);
const summary = await second.run(paths(), { directory: './users' }).done;
console.log(summary);
await second.finish();

const logins: string[] = [];
for await (const response of (await readRun('./users')).responses()) {
  logins.push(response.json<{ login: string }>().login);
}
await intra.close();

const isRight = logins.every((login, index) => login === intra.user(index)?.login);
if (!summary.isComplete || logins.length !== 200 || !isRight) throw new Error('Not all are there.');
