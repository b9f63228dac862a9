// A list that comes page by page, and the standard's fetch: both with all apps, their limits and the retries.
import { FtApiHydra } from 'apihydra/42';
import { startIntra42 } from 'apihydra/testing';

interface User {
  readonly id: number;
  readonly login: string;
}

const intra = await startIntra42({ users: 200, limits: [{ requests: 50, perMs: 1000 }] });
await using hydra = new FtApiHydra({
  intraLogin: intra.login,
  intraPassword: intra.password,
  apiBase: intra.apiBase,
  profileBase: intra.profileBase,
  store: false,
});
await hydra.setNumberOfApps(4);

// All items in their order: pages are asked side by side, and memory holds only a few of them.
const logins: string[] = [];
for await (const user of hydra.paginate<User>('/users', { pageSize: 50 })) logins.push(user.login);

// The standard's fetch, for any SDK that takes one: limits, tokens and retries are behind it.
const answers = await Promise.all(
  logins.slice(0, 5).map((login) => hydra.fetch(`/users/${login}`)),
);
for (const answer of answers) {
  const { id, login } = (await answer.json()) as User;
  console.log(answer.status, id, login);
}

await hydra.finish();
await intra.close();

const isRight = logins.every((login, index) => login === intra.user(index)?.login);
if (logins.length !== 200 || !isRight || !answers.every(({ ok }) => ok)) {
  throw new Error('Not all are there.');
}
