/** A hydra whose tokens come from an endpoint that a test can break, on virtual time. */
import {
  HydraError,
  sleep,
  type ApiDefinition,
  type App,
  type Auth,
  type Clock,
  type Token,
} from '../../src/index.js';
import { seededRandom } from '../../src/random.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';
import {
  hardlyAnyLimits,
  simulate,
  type Setting,
  type Simulation,
} from './hydra-on-virtual-time.js';
import { jsonAnswer, SimulatedServer } from './simulated-server.js';

interface Endpoint {
  readonly auth: Auth;
  readonly renewals: { appId: string; atMs: number }[];
  highestAtOnce: number;
  /** Thrown for the next renewals, one each; `undefined` lets one succeed. */
  readonly failures: (Error | undefined)[];
}

/** A token endpoint that takes 100 ms; tokens are `<app>#<number>`. */
function makeEndpoint(clock: Clock, livesMs?: number): Endpoint {
  const renewals: { appId: string; atMs: number }[] = [];
  let atOnce = 0;
  const endpoint: Endpoint = {
    renewals,
    failures: [],
    highestAtOnce: 0,
    auth: {
      authorize: (_app, token) => ({ headers: { authorization: `Bearer ${token?.value ?? ''}` } }),
      async renewToken(app: App): Promise<Token> {
        atOnce += 1;
        endpoint.highestAtOnce = Math.max(endpoint.highestAtOnce, atOnce);
        renewals.push({ appId: app.id, atMs: clock.now() });
        const value = `${app.id}#${renewals.length}`;
        const failure = endpoint.failures.shift();
        await sleep(clock, 100);
        atOnce -= 1;
        if (failure !== undefined) throw failure;
        return {
          value,
          ...(livesMs === undefined ? {} : { expiresAtMs: clock.wallNow() + livesMs }),
        };
      },
    },
  };
  return endpoint;
}

interface TokenSetting extends Omit<Partial<Setting>, 'api' | 'after'> {
  readonly livesMs?: number;
  readonly api?: Partial<ApiDefinition>;
  /** True when the server takes this token. */
  readonly takes?: (token: string, path: string) => boolean;
}

export function simulateTokens(setting: TokenSetting): Simulation & { endpoint: Endpoint } {
  const clock = new VirtualClock();
  const endpoint = makeEndpoint(clock, setting.livesMs);
  const server = new SimulatedServer({
    clock,
    random: seededRandom(1),
    limits: hardlyAnyLimits,
    answer: (request) => {
      const token = (request.headers['authorization'] ?? '').replace('Bearer ', '');
      return setting.takes?.(token, request.path) === false ? jsonAnswer({}, 401) : undefined;
    },
    ...setting.server,
  });
  const simulation = simulate({
    apps: 1,
    limits: hardlyAnyLimits,
    ...setting,
    api: { auth: endpoint.auth, ...setting.api },
    after: { clock, server },
  });
  return { ...simulation, endpoint };
}

export const down = (): Error => new Error('token endpoint is down');
export const rejected = (): HydraError =>
  new HydraError('HYDRA_CREDENTIALS_REJECTED', 'Secret rejected.');
export const ask = (simulation: Simulation, howMany: number): void => {
  for (let i = 0; i < howMany; i++) simulation.hydra.get(`/${i}`);
};
