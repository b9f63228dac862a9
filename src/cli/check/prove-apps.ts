/** Proves the apps of one API, several at once. */
import type { App } from '../../app.js';
import { sleep, systemClock } from '../../clock.js';
import { configError } from '../../config/config-error.js';
import type { ConfiguredApi, LoadedConfig } from '../../config/index.js';
import { FT_API } from '../../config/ready-apis.js';
import { HydraError, type Api, type ApiHydra, type Runtime } from '../../index.js';
import type { FtApiHydraOptions } from '../../intra42/index.js';
import { UndiciTransport } from '../../transport/undici-transport.js';
import { openConfigured, type Overrides } from '../connection/open-hydra.js';
import { proveApp, type Proof } from './prove-app.js';
import { SharedAppsFile } from './shared-apps-file.js';
import { sideBySide } from './side-by-side.js';

/** Apps that are proved at the same time. */
const AT_ONCE = 8;
const DEFAULT_DELAY_MS = 10;

/** The apps of an API, and what is asked of each. */
export interface ApiTask {
  readonly config: LoadedConfig;
  readonly api: ConfiguredApi;
  readonly apps: readonly App[];
  readonly path: string;
  /** For each app, milliseconds. */
  readonly timeoutMs: number;
  /** What they all keep their tokens in, and what they have used. */
  readonly appsFile: SharedAppsFile | undefined;
}

/** The file at a path: one for all APIs that name it, since each writes what it knows into all of it. */
export function sharedAppsFiles(): (path: string) => SharedAppsFile {
  const files = new Map<string, SharedAppsFile>();
  return (path) => {
    const file = files.get(path) ?? new SharedAppsFile(path, () => systemClock.wallNow());
    files.set(path, file);
    return file;
  };
}

/**
 * Looks for the apps of an API: those of the configuration, else of the apps file.
 *
 * @throws HydraError `HYDRA_CONFIG` when there are none; `HYDRA_APPS_FILE`.
 */
export function apiTask(
  config: LoadedConfig,
  api: ConfiguredApi,
  path: string,
  timeoutMs: number,
  fileAt: (path: string) => SharedAppsFile,
): ApiTask {
  const { apps, appsFile } = api.options;
  const shared = appsFile === false ? undefined : fileAt(appsFile);
  const all = apps ?? shared?.states.map(({ app }) => app) ?? [];
  if (all.length > 0) return { config, api, apps: all, path, timeoutMs, appsFile: shared };
  throw configError(
    config.file,
    api.place,
    `expected apps to check, here or in ${String(appsFile)}; there are none.`,
  );
}

/**
 * Proves each, in any order but not faster than all apps together may send; returns them in their own.
 *
 * @param onProved - called after each.
 */
export async function proveApps(task: ApiTask, onProved: () => void): Promise<Proof[]> {
  const { api, apps, timeoutMs } = task;
  const known = api.api === FT_API ? await ftApi() : api.api;
  const turn = turnsOf(api.options.minRequestDelayMs ?? DEFAULT_DELAY_MS);
  const transport = new UndiciTransport({
    clock: systemClock,
    timeoutMs,
    // Beside the one of each app's own, one for its token.
    maxConnections: 2 * AT_ONCE,
    env: process.env,
    http2: false,
  });
  try {
    return await sideBySide(apps, AT_ONCE, async (app) => {
      await turn();
      const proof = await proveApp({
        app,
        path: task.path,
        timeoutMs,
        api: known,
        transport,
        open: (overrides, runtime) => openFor(app, task, overrides, runtime),
      });
      onProved();
      return proof;
    });
  } finally {
    await transport.close();
  }
}

/** Only what it says of limits is asked; where it is, its hydra knows. */
async function ftApi(): Promise<Api> {
  const [{ defineFtApi }, { resolveFtOptions }] = await Promise.all([
    import('../../intra42/ft-api.js'),
    import('../../intra42/ft-options.js'),
  ]);
  return defineFtApi(resolveFtOptions({}).apiBase, () => Promise.resolve(undefined));
}

function openFor(
  app: App,
  { config, api, appsFile }: ApiTask,
  overrides: Overrides,
  runtime: Partial<Runtime>,
): Promise<ApiHydra> {
  const options = api.api === FT_API ? { ...overrides, ...noSignIn } : overrides;
  const kept = appsFile === undefined ? {} : { openAppsFile: () => appsFile.of(app.id) };
  return openConfigured({ config, api }, {}, options, { ...runtime, ...kept });
}

/** Many would sign in at once, and each would try a wrong password again: that is for a run. */
const noSignIn: Pick<FtApiHydraOptions, 'intraLogin'> = {
  intraLogin: () => {
    throw new HydraError(
      'HYDRA_CREDENTIALS_REJECTED',
      'its secret was rejected, and a check does not sign in to look for a new one: a run does',
    );
  },
};

/** Resolves for each caller in turn, `delayMs` after the one before. */
function turnsOf(delayMs: number): () => Promise<void> {
  let nextMs = -Infinity;
  return async () => {
    const nowMs = systemClock.now();
    const atMs = Math.max(nowMs, nextMs);
    nextMs = atMs + delayMs;
    if (atMs > nowMs) await sleep(systemClock, atMs - nowMs);
  };
}
