/** What answers to fetch tell of their cost: whether a second request may go shows what the first one counts. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { AnswerFacts, ApiDefinition } from '../../src/index.js';
import { until } from '../transport/http-world.js';
import { errorOf, makeWorld, type Act, type World } from './setting.js';

/** A request is expected to take 60 of 100 tokens a minute: a second one has to wait. */
const api: Partial<ApiDefinition> = {
  limits: [
    { requests: 1000, perMs: 1000 },
    { of: 'tokens', requests: 100, perMs: 60_000 },
  ],
  cost: () => ({ tokens: 60 }),
  actualCost: ({ json }: AnswerFacts) => {
    const body = json?.() as { used?: number } | undefined;
    return body?.used === undefined ? undefined : { tokens: body.used };
  },
};

const makeCostly = (act: Act, more: Partial<ApiDefinition> = {}): Promise<World> =>
  makeWorld(act, { apps: 1, api: { ...api, ...more } });

/** Answers at once, in one piece. */
const answering =
  (body: string | Buffer, headers: Record<string, string> = {}): Act =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(body);

const used = (tokens: number, filling = 0): string =>
  JSON.stringify({ filling: 'x'.repeat(filling), used: tokens });

/** True once one more request was sent, false where it was not within the time. */
async function isNextSent({ hydra, arrived }: World, withinMs = 10_000): Promise<boolean> {
  const before = arrived.length;
  const signal = AbortSignal.timeout(withinMs);
  const abort = new AbortController();
  const either = AbortSignal.any([signal, abort.signal]);
  const asking = hydra.fetch('/next', { signal: either }).catch(() => {});
  await until(() => arrived.length > before || signal.aborted);
  abort.abort();
  await asking;
  return arrived.length > before;
}

/** True where one more request waits. */
async function isNextHeldBack(world: World): Promise<boolean> {
  return !(await isNextSent(world, 30));
}

describe('what an answer to fetch tells of its cost', () => {
  const inPieces: Act = async (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/problem+json; charset=utf-8' });
    for (const letter of used(10))
      await new Promise<void>((done) => response.write(letter, () => done()));
    response.end();
  };
  it.each<[string, Act]>([
    ['in one piece', answering(used(10))],
    ['in pieces', inPieces],
    ['compressed', answering(gzipSync(used(10)), { 'content-encoding': 'gzip' })],
    ['at the end of 500 KB', answering(used(10, 500_000))],
  ])('counts once its body has come: %s', async (_how, act) => {
    const world = await makeCostly(act);
    expect(((await (await world.hydra.fetch('/x')).json()) as { used: number }).used).toBe(10);
    expect(await isNextSent(world)).toBe(true);
  });

  it('counts where it is more than was expected', async () => {
    const world = await makeCostly(answering(used(100)), { cost: () => ({ tokens: 1 }) });
    await (await world.hydra.fetch('/x')).json();
    expect(await isNextHeldBack(world)).toBe(true);
  });

  it('counts through the dispatcher', async () => {
    const world = await makeCostly(answering(used(10)));
    const { dispatcher } = world.hydra;
    await new Promise<void>((resolve, reject) => {
      dispatcher.dispatch(
        { path: '/v1/x', method: 'GET' },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData() {},
          onResponseEnd: () => resolve(),
          onResponseError: (_controller, error) => reject(error),
        },
      );
    });
    expect(await isNextSent(world)).toBe(true);
  });

  it('counts where the head tells, before its body has come', async () => {
    const act: Act = (_request, response) =>
      void response.writeHead(200, { 'x-used': '10' }).write('begun');
    const actualCost: ApiDefinition['actualCost'] = ({ headers }) => ({
      tokens: Number(headers['x-used']),
    });
    const world = await makeCostly(act, { actualCost });
    const { body } = await world.hydra.fetch('/x');
    expect(await isNextSent(world)).toBe(true);
    await body?.cancel();
  });

  it.each<[string, Act]>([
    ['does not say that it is JSON', answering(used(10), { 'content-type': 'text/event-stream' })],
    ['is longer than 1 MB', answering(used(10, 1 << 20))],
    ['is no JSON', answering('used: 10')],
  ])('is not known of a body that %s: what was expected counts', async (_what, act) => {
    const world = await makeCostly(act);
    await (await world.hydra.fetch('/x')).text();
    expect(await isNextHeldBack(world)).toBe(true);
  });

  it('is not known of a body that breaks off', async () => {
    const world = await makeCostly((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '99' });
      response.write(used(10), () => response.destroy());
    });
    await errorOf((await world.hydra.fetch('/x')).text());
    expect(await isNextHeldBack(world)).toBe(true);
  });
});
