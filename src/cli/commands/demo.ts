/** `apihydra demo`: the main job from sign-in to file, against the stand-in, judged at the end. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Command } from 'commander';
import { sleep, systemClock } from '../../clock.js';
import type { HydraStats } from '../../index.js';
import type { FtApiHydra } from '../../intra42/index.js';
import type { Intra42 } from '../../testing/index.js';
import { showProgress } from '../progress.js';
import { wholeNumber } from '../whole-number.js';

interface DemoFlags {
  readonly users: number;
  readonly apps: number;
  readonly out: string;
}

/** To keep the demo short, its apps are allowed more than the usual 2 a second. */
const DEMO_LIMITS = [
  { requests: 8, perMs: 1000 },
  { requests: 1200, perMs: 3_600_000 },
];

const DEMO_FAULTS = {
  status500: 0.01,
  status502: 0.005,
  reset: 0.005,
  truncated: 0.005,
  html200: 0.005,
};

const PAGE_SIZE = 100;
/** The demo is short. */
const LINE_EVERY_MS = 2000;

/** The command. */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Collects all users of a campus from a stand-in for the 42 Intra, faults included.',
    )
    .option('--users <n>', 'users to collect', wholeNumber(1, 100_000), 1000)
    .option('--apps <n>', 'apps to make', wholeNumber(1, 200), 10)
    .option('--out <file>', 'where to write them', 'output.json')
    .addHelpText('after', '\nExample:\n  $ apihydra demo --users 200 --apps 5')
    .action(run);
}

async function run(flags: DemoFlags): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apihydra-demo-'));
  // Loaded when it is used, as the hydra is: all other commands start sooner.
  const { startIntra42 } = await import('../../testing/index.js');
  const intra = await startIntra42({
    users: flags.users,
    limits: DEMO_LIMITS,
    latency: { beforeMs: 20, jitterMs: 10, workMs: 30 },
    faults: DEMO_FAULTS,
  });
  try {
    const isRight = await collect(intra, flags, path.join(folder, 'apps.json'));
    if (!isRight) process.exitCode = 1;
  } finally {
    await intra.close();
    await rm(folder, { recursive: true });
  }
}

async function collect(intra: Intra42, flags: DemoFlags, appsFile: string): Promise<boolean> {
  const { FtApiHydra } = await import('../../intra42/index.js');
  await using hydra = new FtApiHydra({
    intraLogin: intra.login,
    intraPassword: intra.password,
    apiBase: intra.apiBase,
    profileBase: intra.profileBase,
    appsFile,
    responsesFilePathTemplate: path.join(path.dirname(appsFile), 'responses_%s_%s.json'),
    logLevel: 'warning',
    minRequestDelayMs: 1,
  });
  say(`A stand-in for the 42 Intra with ${flags.users} users listens at ${intra.apiBase}.`);
  await hydra.setNumberOfApps(flags.apps);
  say(`Signed in and made ${flags.apps} apps.`);

  const logins = await listLogins(hydra);
  hydra.clearResponses();
  say(`Campus Berlin has ${logins.length} users. Asking for each of them.`);

  intra.account.reset();
  const before = hydra.stats;
  for (const login of logins) hydra.get(`/users/${login}`);
  const doneSince = (): number => hydra.stats.succeeded - before.succeeded;
  const progress = showProgress(systemClock, process.stderr, LINE_EVERY_MS, () => ({
    done: doneSince(),
    total: logins.length,
    rate: doneSince() / Math.max(intra.account.seconds, 0.001),
    retries: totalRetries(hydra.stats) - totalRetries(before),
  }));
  await expireTokenHalfway(intra, () => doneSince() >= logins.length / 2);
  await hydra.join();
  progress.stop();

  const users = (await hydra.getResponsesAsJson<{ login: string }>()).map(([, user]) => user);
  await writeFile(flags.out, `${JSON.stringify(users)}\n`);
  return report(intra, hydra, before, users, flags);
}

async function listLogins(hydra: FtApiHydra): Promise<string[]> {
  const page = (number: number): ReturnType<FtApiHydra['get']> =>
    hydra.get('/campus/berlin/users', {
      query: { 'page[size]': PAGE_SIZE, 'page[number]': number },
    });
  const first = await page(1);
  const pages = Math.ceil(Number(first.headers['x-total']) / PAGE_SIZE);
  const rest = Array.from({ length: pages - 1 }, (_, index) =>
    page(index + 2).json<{ login: string }[]>(),
  );
  const all = [first.json<{ login: string }[]>(), ...(await Promise.all(rest))].flat();
  return all.map((user) => user.login);
}

/** Half of the way, all tokens of one app expire at once, as they may at any time. */
async function expireTokenHalfway(intra: Intra42, isHalfway: () => boolean): Promise<void> {
  while (!isHalfway()) await sleep(systemClock, 20);
  intra.expireTokens(intra.apps[0]?.id);
}

function totalRetries(stats: HydraStats): number {
  return Object.values(stats.retries).reduce((sum, times) => sum + times, 0);
}

/** Prints what happened, as the server counted it, and says whether everything is there and right. */
function report(
  intra: Intra42,
  hydra: FtApiHydra,
  before: HydraStats,
  users: readonly { login: string }[],
  flags: DemoFlags,
): boolean {
  const { stats } = hydra;
  const right = users.filter((user) => isDeepStrictEqual(user, intra.user(user.login))).length;
  const distinct = new Set(users.map((user) => user.login)).size;
  const rate = intra.account.rate();
  const refusals = intra.account.totals.refused;
  say(`users     ${right} of ${flags.users} there and right, in ${flags.out}`);
  say(
    `rate      ${rate.toFixed(1)} of ${stats.allowedRate.toFixed(1)} allowed a second (${(rate / stats.allowedRate).toFixed(3)})`,
  );
  say(`refusals  ${refusals}`);
  say(`retries   ${totalRetries(stats) - totalRetries(before)}, for the faults of the stand-in`);
  say(`bytes     ${((stats.bytes - before.bytes) / 1e6).toFixed(2)} MB`);
  say(`seconds   ${intra.account.seconds.toFixed(1)}`);
  return right === flags.users && distinct === flags.users && users.length === flags.users;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
