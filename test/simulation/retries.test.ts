import { describe, expect, it } from 'vitest';
import type { HydraError, RequestMethod, TransportResult } from '../../src/index.js';
import {
  hardlyAnyLimits,
  simulate,
  type Setting,
  type Simulation,
} from './hydra-on-virtual-time.js';
import { broken, jsonAnswer } from './simulated-server.js';

const stalling = 'stall' as const;
type Answer = TransportResult | 'stall' | undefined;

/** One app, no limits to speak of, and these answers, one after the other; the last one stays. */
function answering(answers: readonly Answer[], setting: Partial<Setting> = {}): Simulation {
  let next = 0;
  return simulate({
    apps: 1,
    limits: hardlyAnyLimits,
    ...setting,
    server: {
      answer: () => answers[Math.min(next++, answers.length - 1)],
      ...setting.server,
    },
  });
}

function ask(simulation: Simulation, method: RequestMethod, options = {}): Promise<unknown> {
  const { hydra, clock } = simulation;
  const name = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  const pending = hydra[name]('/x', options);
  return clock.runUntil(
    pending.then(
      (response) => response,
      (error: unknown) => error,
    ),
  );
}

const times = (simulation: Simulation): number[] =>
  simulation.server.arrivals.map(({ atMs }) => atMs);

describe('retries', () => {
  it('sends a request 50 times more, then gives up and says how often it tried', async () => {
    const simulation = answering([jsonAnswer({}, 500)]);
    const error = (await ask(simulation, 'GET')) as HydraError;
    expect(simulation.server.arrivals).toHaveLength(51);
    expect(error.code).toBe('HYDRA_HTTP_STATUS');
    expect(error.facts).toMatchObject({ status: 500, attempts: 51, appId: 'app0' });
    expect(error.message).toContain('after 51 attempts');
  });

  it('sends it 5 times more at 404', async () => {
    const simulation = answering([jsonAnswer({}, 404)]);
    const error = (await ask(simulation, 'GET')) as HydraError;
    expect(simulation.server.arrivals).toHaveLength(6);
    expect(error.facts).toMatchObject({ status: 404, attempts: 6 });
  });

  it('waits a random share of a bound that grows by the factor, up to the longest', async () => {
    const options = { retryDelayMs: 100, retryDelayFactor: 2, maxRetryDelayMs: 3000 };
    const simulation = answering([jsonAnswer({}, 500)], { options });
    await ask(simulation, 'GET');
    const gaps = times(simulation)
      .slice(1)
      .map((time, index) => time - (times(simulation)[index] as number));
    const roundTripMs = 20 + 20;
    const shares = gaps.map((gap, index) => (gap - roundTripMs) / Math.min(3000, 100 * 2 ** index));
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...shares)).toBeLessThan(1);
    // Full jitter: both short and long shares come up.
    expect(Math.min(...shares)).toBeLessThan(0.2);
    expect(Math.max(...shares)).toBeGreaterThan(0.8);
  });

  it.each([
    ['500', jsonAnswer({}, 500)],
    ['408', jsonAnswer({}, 408)],
    ['503 without Retry-After', jsonAnswer({}, 503)],
    ['a reset connection', broken],
    ['a time-out', stalling],
    [
      'HTML where JSON was announced',
      { ...jsonAnswer({}), body: new TextEncoder().encode('<html>') },
    ],
  ])('reads again after %s', async (_what, answer) => {
    const simulation = answering([answer, undefined]);
    expect(await ask(simulation, 'GET')).toMatchObject({ status: 200, attempts: 2 });
    expect(simulation.hydra.stats).toMatchObject({ attempts: 2, succeeded: 1, failed: 0 });
    expect(Object.values(simulation.hydra.stats.retries)).toEqual([1]);
  });

  it.each([400, 403, 405, 409, 410, 422])('gives up at once at %d', async (status) => {
    const simulation = answering([jsonAnswer({}, status), undefined]);
    expect(await ask(simulation, 'GET')).toMatchObject({ facts: { status, attempts: 1 } });
    expect(simulation.server.arrivals).toHaveLength(1);
  });

  for (const method of ['POST', 'PATCH'] as const) {
    it.each([
      ['a reset connection', broken, 'HYDRA_NETWORK'],
      ['status 502', jsonAnswer({}, 502), 'HYDRA_HTTP_STATUS'],
      ['a time-out', stalling, 'HYDRA_TIMEOUT'],
    ])(`does not send ${method} again after %s`, async (_what, answer, code) => {
      const simulation = answering([answer, undefined]);
      expect(await ask(simulation, method, { json: {} })).toMatchObject({ code });
      expect(simulation.server.arrivals).toHaveLength(1);
    });

    it(`sends ${method} again after all of them where the caller says idempotent`, async () => {
      const simulation = answering([broken, jsonAnswer({}, 502), stalling, undefined]);
      expect(await ask(simulation, method, { json: {}, idempotent: true })).toMatchObject({
        status: 200,
        attempts: 4,
      });
    });

    it(`sends ${method} again after a refusal, and where nobody was reached`, async () => {
      let tries = 0;
      const simulation = answering(
        [jsonAnswer({}, 429), jsonAnswer({}, 503, { 'retry-after': '1' }), undefined],
        {
          server: { isUnreachable: () => ++tries <= 2 },
        },
      );
      expect(await ask(simulation, method, { json: {} })).toMatchObject({
        status: 200,
        attempts: 3,
      });
      expect(simulation.server.arrivals).toHaveLength(3);
    });
  }

  it('sends PUT and DELETE again, but not where the caller says that they are not idempotent', async () => {
    expect(await ask(answering([broken, undefined]), 'PUT')).toMatchObject({ status: 200 });
    expect(await ask(answering([broken, undefined]), 'DELETE')).toMatchObject({ status: 200 });
    const refused = await ask(answering([broken, undefined]), 'PUT', { idempotent: false });
    expect(refused).toMatchObject({ code: 'HYDRA_NETWORK' });
  });

  it('bounds one attempt by the time-out of the request', async () => {
    const simulation = answering([stalling], { options: { maxRetries: 0 } });
    expect(await ask(simulation, 'GET', { timeoutMs: 1234 })).toMatchObject({
      code: 'HYDRA_TIMEOUT',
      message: expect.stringContaining('1234 ms') as string,
    });
    expect(simulation.clock.now()).toBe(1234);
  });
});

const to = (location: string, status = 302): TransportResult =>
  jsonAnswer({}, status, { location });

describe('redirects', () => {
  it('are followed within the origin, and each counts on the windows', async () => {
    const simulation = answering([to('/v2/y'), to('http://simulated/z?a=1', 307), undefined], {
      limits: [{ requests: 1, perMs: 1000 }],
    });
    expect(await ask(simulation, 'GET')).toMatchObject({
      status: 200,
      url: 'http://simulated/v2/x',
    });
    expect(simulation.server.arrivals.map(({ path }) => path)).toEqual([
      '/v2/x',
      '/v2/y',
      '/z?a=1',
    ]);
    const [first = 0, second = 0, third = 0] = times(simulation);
    expect(Math.min(second - first, third - second)).toBeGreaterThanOrEqual(1000);
    expect(simulation.server.refused).toBe(0);
  });

  it('to another origin fail, and nothing is sent there', async () => {
    for (const location of ['http://elsewhere/x', '//elsewhere/x', 'https://simulated/x']) {
      const simulation = answering([to(location), undefined]);
      expect(await ask(simulation, 'GET')).toMatchObject({ code: 'HYDRA_FOREIGN_ORIGIN' });
      expect(simulation.server.arrivals).toHaveLength(1);
    }
  });

  it('end after five', async () => {
    const simulation = answering([to('/v2/x')]);
    expect(await ask(simulation, 'GET')).toMatchObject({ code: 'HYDRA_TOO_MANY_REDIRECTS' });
    expect(simulation.server.arrivals).toHaveLength(6);
  });

  it.each([
    ['POST', 301, 'GET'],
    ['POST', 302, 'GET'],
    ['PUT', 303, 'GET'],
    ['PUT', 302, 'PUT'],
    ['POST', 307, 'POST'],
    ['PATCH', 308, 'PATCH'],
  ] as const)('turn %s at %d into %s', async (method, status, expected) => {
    const simulation = answering([to('/v2/y', status), undefined]);
    await ask(simulation, method, { json: {} });
    expect(simulation.server.arrivals.map((arrival) => arrival.method)).toEqual([method, expected]);
  });
});
