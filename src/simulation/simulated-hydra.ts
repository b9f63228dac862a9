/** The real engine with everything around it simulated: time, chance, network, server and apps. */
import { setMaxListeners } from 'node:events';
import { defineApi } from '../api.js';
import type { App } from '../app.js';
import { Engine } from '../engine/engine.js';
import type { Logger } from '../logger.js';
import { resolveOptions, type ResolvedOptions } from '../options.js';
import { seededRandom } from '../random.js';
import { VirtualClock } from '../testing/virtual-clock.js';
import type { Scenario } from './scenario.js';
import { SimulatedAuth } from './simulated-auth.js';
import { appId, SimulatedServer } from './simulated-server.js';
import { SimulatedTransport, type Arrival } from './simulated-transport.js';

/** Where simulated requests go. */
export const SIMULATED_URL = 'http://simulated.test';

/** The parts of a simulation that are not the job. */
export interface SimulatedHydra {
  readonly clock: VirtualClock;
  readonly server: SimulatedServer;
  readonly transport: SimulatedTransport;
  readonly auth: SimulatedAuth;
  readonly engine: Engine;
  /** Ends it, as `ApiHydra.finish` does. */
  readonly finish: () => Promise<void>;
}

/** What a simulated hydra tells of itself. */
export interface SimulatedHydraListeners {
  readonly onArrival: ((arrival: Arrival) => void) | undefined;
  readonly onHungry: () => void;
}

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, fatal() {} };

/** Makes the parts of a scenario. Nothing happens until its clock moves. */
export function simulatedHydra(
  scenario: Scenario,
  { onArrival, onHungry }: SimulatedHydraListeners,
): SimulatedHydra {
  const clock = new VirtualClock();
  const random = seededRandom(scenario.seed);
  const server = new SimulatedServer(scenario.server, scenario.groups, random);
  const { network } = scenario;
  const { workMs, tokenLifeMs } = scenario.server;
  const transport = new SimulatedTransport({ clock, random, network, server, workMs, onArrival });
  const auth = new SimulatedAuth({
    clock,
    server,
    tokenLifeMs,
    wayMs: () => transport.wayMs(),
  });
  const finishing = new AbortController();
  const abortAll = new AbortController();
  // One for each app that gets a token.
  setMaxListeners(0, finishing.signal, abortAll.signal);
  const options = optionsOf(scenario, auth);
  const engine = new Engine({
    api: options.api,
    options,
    runtime: { clock, random, transport },
    logger: silent,
    isCongested: () => false,
    onHungry,
    file: undefined,
    context: {
      fetch: transport.fetch,
      signal: abortAll.signal,
      wallNow: () => clock.wallNow(),
    },
    finishing: finishing.signal,
  });
  engine.roster.load();
  const finish = async (): Promise<void> => {
    finishing.abort();
    await engine.windDown();
    abortAll.abort();
    await engine.stop();
  };
  return { clock, server, transport, auth, engine, finish };
}

function optionsOf({ client, groups }: Scenario, { auth }: SimulatedAuth): ResolvedOptions {
  const apps: App[] = [];
  for (const group of groups) {
    for (let i = 0; i < group.apps; i++) {
      apps.push({ id: appId(apps.length), credentials: {}, limits: group.limits });
    }
  }
  const [first] = groups;
  const api = defineApi({
    baseUrl: SIMULATED_URL,
    limits: first?.limits ?? [],
    auth,
    responseType: 'json',
  });
  return resolveOptions({ ...client, api, apps, appsFile: false, store: false, logger: silent });
}
