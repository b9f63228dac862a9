import { describe, expect, it } from 'vitest';
import type { AnswerFacts, ApiDefinition, RequestFacts } from '../../src/index.js';
import { hardlyAnyLimits, simulate } from './hydra-on-virtual-time.js';
import { jsonAnswer, type SimulatedServer } from './simulated-server.js';

const TOKENS = 1000;
const PER_MS = 10_000;
const limits = [...hardlyAnyLimits, { of: 'tokens', requests: TOKENS, perMs: PER_MS }];

/** `/7/100`: request 7 takes 100 tokens. */
const tokensOf = (path: string): number => Number(path.split('/').at(-1));
const costs = (factor: number) => ({
  cost: ({ path }: RequestFacts) => ({ tokens: tokensOf(path) * factor }),
});
const actualCost = ({ json }: AnswerFacts) => {
  const body = json?.() as { path?: string } | undefined;
  return body?.path === undefined ? undefined : { tokens: tokensOf(body.path) };
};

/** A server that limits nothing: what it received is counted afterwards. */
function simulateCosts(apps: number, api: Partial<ApiDefinition>, options = {}) {
  return simulate({
    apps,
    limits: hardlyAnyLimits,
    options,
    api: { limits, ...api },
    server: { jitterMs: 20, answer: ({ path }) => jsonAnswer({ path }) },
  });
}

/** The most tokens that any window of any app held. */
function highestTokens({ arrivals }: SimulatedServer): number {
  let highest = 0;
  for (const last of arrivals) {
    const counted = arrivals.filter(
      ({ appId, atMs }) => appId === last.appId && atMs <= last.atMs && atMs > last.atMs - PER_MS,
    );
    highest = Math.max(
      highest,
      counted.reduce((sum, { path }) => sum + tokensOf(path), 0),
    );
  }
  return highest;
}

const sentTokens = ({ arrivals }: SimulatedServer): number =>
  arrivals.reduce((sum, { path }) => sum + tokensOf(path), 0);

describe('limits that count what requests cost', () => {
  it('are never exceeded and reached to 5% by several apps where the cost is known', async () => {
    const { hydra, server, clock } = simulateCosts(3, costs(1));
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}/${10 + ((i * 7) % 40)}`);
    await clock.advance(10 * PER_MS - 1);
    expect(highestTokens(server)).toBeLessThanOrEqual(TOKENS);
    expect(sentTokens(server)).toBeGreaterThan(0.95 * 3 * TOKENS * 10);
  });

  it('are reached although more was expected, since the answers tell what it was', async () => {
    const { hydra, server, clock } = simulateCosts(2, { ...costs(3), actualCost });
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}/20`);
    await clock.advance(10 * PER_MS - 1);
    expect(highestTokens(server)).toBeLessThanOrEqual(TOKENS);
    expect(sentTokens(server)).toBeGreaterThan(0.95 * 2 * TOKENS * 10);
  });

  it('are exceeded by no more than what is under way was expected too little', async () => {
    const api = { ...costs(0.5), actualCost };
    const { hydra, server, clock } = simulateCosts(2, api, { maxConcurrency: 4 });
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}/20`);
    await clock.advance(10 * PER_MS - 1);
    expect(highestTokens(server)).toBeLessThanOrEqual(TOKENS + 4 * 10);
    expect(sentTokens(server)).toBeGreaterThan(0.95 * 2 * TOKENS * 10);
  });

  it('fail a request at once that costs more than they ever admit, and go on with the others', async () => {
    const { hydra, server, clock } = simulateCosts(1, costs(1));
    const tooMuch = hydra.get(`/0/${TOKENS + 1}`).then(
      () => undefined,
      (error: unknown) => error,
    );
    hydra.get(`/1/${TOKENS}`);
    await clock.runUntil(hydra.join());
    expect(await tooMuch).toMatchObject({
      code: 'HYDRA_INVALID_REQUEST',
      message: expect.stringContaining('1001 tokens, and the limit is 1000 tokens'),
    });
    expect(server.arrivals).toHaveLength(1);
  });

  it('let a large request have its turn, and one of a higher priority go before it', async () => {
    const { hydra, server, clock } = simulateCosts(1, costs(1));
    hydra.get('/0/600');
    await clock.advance(1000);
    hydra.get('/1/900');
    hydra.get('/2/300');
    await clock.advance(1000);
    hydra.get('/3/300', { priority: 1 });
    await clock.runUntil(hydra.join());
    expect(server.arrivals.map(({ path }) => tokensOf(path))).toEqual([600, 300, 900, 300]);
    expect(highestTokens(server)).toBeLessThanOrEqual(TOKENS);
  });
});
