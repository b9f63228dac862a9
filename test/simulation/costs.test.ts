import { describe, expect, it } from 'vitest';
import type { ApiDefinition } from '../../src/index.js';
import { hardlyAnyLimits, simulate } from './hydra-on-virtual-time.js';
import { jsonAnswer } from './simulated-server.js';
import { actualCost, costs, highestTokens, sentTokens, tokensOf } from './token-costs.js';

const TOKENS = 1000;
const PER_MS = 10_000;
const limits = [...hardlyAnyLimits, { of: 'tokens', requests: TOKENS, perMs: PER_MS }];

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

describe('limits that count what requests cost', () => {
  it('are never exceeded and reached to 5% by several apps where the cost is known', async () => {
    const { hydra, server, clock } = simulateCosts(3, costs(1));
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}/${10 + ((i * 7) % 40)}`);
    await clock.advance(10 * PER_MS - 1);
    expect(highestTokens(server.arrivals, PER_MS)).toBeLessThanOrEqual(TOKENS);
    expect(sentTokens(server.arrivals)).toBeGreaterThan(0.95 * 3 * TOKENS * 10);
  });

  it('are reached although more was expected, since the answers tell what it was', async () => {
    const { hydra, server, clock } = simulateCosts(2, { ...costs(3), actualCost });
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}/20`);
    await clock.advance(10 * PER_MS - 1);
    expect(highestTokens(server.arrivals, PER_MS)).toBeLessThanOrEqual(TOKENS);
    expect(sentTokens(server.arrivals)).toBeGreaterThan(0.95 * 2 * TOKENS * 10);
  });

  it('are exceeded by no more than what is under way was expected too little', async () => {
    const api = { ...costs(0.5), actualCost };
    const { hydra, server, clock } = simulateCosts(2, api, { maxConcurrency: 4 });
    for (let i = 0; i < 2000; i++) hydra.get(`/${i}/20`);
    await clock.advance(10 * PER_MS - 1);
    expect(highestTokens(server.arrivals, PER_MS)).toBeLessThanOrEqual(TOKENS + 4 * 10);
    expect(sentTokens(server.arrivals)).toBeGreaterThan(0.95 * 2 * TOKENS * 10);
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
    expect(highestTokens(server.arrivals, PER_MS)).toBeLessThanOrEqual(TOKENS);
  });
});
