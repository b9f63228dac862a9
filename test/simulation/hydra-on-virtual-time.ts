import {
  ApiHydra,
  bearerToken,
  defineApi,
  type ApiHydraOptions,
  type App,
  type Limit,
} from '../../src/index.js';
import { seededRandom } from '../../src/random.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import { SimulatedServer, type SimulatedServerOptions } from './simulated-server.js';

export const silentLogger = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };

export const perSecond2: Limit[] = [{ requests: 2, perMs: 1000 }];
export const limits42: Limit[] = [...perSecond2, { requests: 1200, perMs: 3_600_000 }];

/** Apps whose token is their id, so that the simulated server knows them. */
export function makeApps(howMany: number): App[] {
  return Array.from({ length: howMany }, (_, index) => ({
    id: `app${index}`,
    credentials: { token: `app${index}` },
  }));
}

export interface Setting {
  readonly apps: number;
  readonly limits: readonly Limit[];
  readonly seed?: number;
  readonly server?: Partial<SimulatedServerOptions>;
  readonly options?: Partial<ApiHydraOptions>;
}

/** A hydra and its server on one virtual clock. */
export function simulate(setting: Setting): {
  hydra: ApiHydra;
  server: SimulatedServer;
  clock: VirtualClock;
} {
  const clock = new VirtualClock();
  const random = seededRandom(setting.seed ?? 1);
  const { limits } = setting;
  const server = new SimulatedServer({ clock, random, limits, ...setting.server });
  const api = defineApi({ baseUrl: 'http://simulated/v2', limits, auth: bearerToken() });
  const hydra = new ApiHydra(
    {
      api,
      apps: makeApps(setting.apps),
      appsFile: false,
      minRequestDelayMs: 0,
      logger: silentLogger,
      ...setting.options,
    },
    { clock, random, transport: server },
  );
  return { hydra, server, clock };
}
