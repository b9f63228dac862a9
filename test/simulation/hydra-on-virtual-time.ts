import {
  ApiHydra,
  bearerToken,
  defineApi,
  type ApiDefinition,
  type ApiHydraOptions,
  type App,
  type Limit,
  type Logger,
} from '../../src/index.js';
import { seededRandom } from '../../src/random.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { SimulatedServer, type SimulatedServerOptions } from './simulated-server.js';

const silentLogger: Logger = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };

/** The limits of apps that may ask so often a second. */
export const perSecond = (requests: number): Limit[] => [{ requests, perMs: 1000 }];
export const perSecond2: Limit[] = perSecond(2);
export const limits42: Limit[] = [...perSecond2, { requests: 1200, perMs: 3_600_000 }];
/** So wide that no test meets them. */
export const hardlyAnyLimits: Limit[] = [{ requests: 10_000, perMs: 1000 }];

/** Apps whose token is their id, so that the simulated server knows them. */
export function makeApps(howMany: number): App[] {
  return Array.from({ length: howMany }, (_, index) => makeApp(`app${index}`));
}

export function makeApp(id: string): App {
  return { id, credentials: { token: id } };
}

/** A logger that keeps its lines, each with its level in front. */
export function keepingLogger(): { logger: Logger; lines: string[] } {
  const lines: string[] = [];
  const keep = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const logger: Logger = {
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    fatal: keep('fatal'),
  };
  return { logger, lines };
}

/** A hydra whose apps a test may change while it runs, as a hydra for one API does. */
class OpenHydra extends ApiHydra {
  override get apps(): readonly App[] {
    return super.apps;
  }
  override addApp(app: App): void {
    super.addApp(app);
  }
  override replaceApp(app: App): void {
    super.replaceApp(app);
  }
  override removeApp(appId: string): void {
    super.removeApp(appId);
  }
  override renewTokens(): Promise<void> {
    return super.renewTokens();
  }
}

export interface Setting {
  readonly apps: number;
  /** What the server enforces, and the API says unless `api` says something else. */
  readonly limits: readonly Limit[];
  readonly seed?: number;
  readonly server?: Partial<SimulatedServerOptions>;
  readonly options?: Partial<ApiHydraOptions>;
  readonly api?: Partial<ApiDefinition>;
  /** Goes on with the time and the server of an earlier simulation. */
  readonly after?: { readonly clock: VirtualClock; readonly server: SimulatedServer };
}

export interface Simulation {
  readonly hydra: OpenHydra;
  readonly server: SimulatedServer;
  readonly clock: VirtualClock;
}

/** A hydra and its server on one virtual clock. */
export function simulate(setting: Setting): Simulation {
  const clock = setting.after?.clock ?? new VirtualClock();
  const random = seededRandom(setting.seed ?? 1);
  const { limits } = setting;
  const server =
    setting.after?.server ?? new SimulatedServer({ clock, random, limits, ...setting.server });
  const api = defineApi({
    baseUrl: 'http://simulated/v2',
    limits,
    auth: bearerToken(),
    ...setting.api,
  });
  const hydra = new OpenHydra(
    {
      api,
      apps: makeApps(setting.apps),
      appsFile: false,
      store: false,
      minRequestDelayMs: 0,
      logger: silentLogger,
      ...setting.options,
    },
    { clock, random, transport: server },
  );
  return { hydra, server, clock };
}
