import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { scenario, type ServerSettings } from './scenario.js';
import { SimulatedServer } from './simulated-server.js';

const perSecond2 = { requests: 2, perMs: 1000 };

function serverWith(settings: Partial<ServerSettings>, apps = 1): SimulatedServer {
  const groups = [{ apps, limits: [perSecond2, { requests: 3, perMs: 60_000 }] }];
  return new SimulatedServer(
    scenario({ requests: 0, groups }, { server: settings }).server,
    groups,
    seededRandom(1),
  );
}

const first = 'app-1';

describe('SimulatedServer', () => {
  it('limits each app by all its windows, and says for how long', () => {
    const server = serverWith({}, 2);
    const at = (atMs: number, signature = first) => server.arrive(signature, atMs);
    expect([at(0), at(10)]).toEqual(
      Array.from({ length: 2 }, () => ({ kind: 'answer', status: 200 })),
    );
    expect(at(20)).toEqual({ kind: 'answer', status: 429, retryAfterSeconds: 1 });
    expect(at(20, 'app-2')).toMatchObject({ status: 200 });
    expect(at(1000)).toMatchObject({ status: 200 });
    expect(at(1500)).toEqual({ kind: 'answer', status: 429, retryAfterSeconds: 59 });
    expect(server.apps[0]).toMatchObject({ accepted: 3, refused: 2 });
  });

  it('names no time where it is told not to', () => {
    const server = serverWith({ retryAfter: false });
    for (const atMs of [0, 1]) server.arrive(first, atMs);
    expect(server.arrive(first, 2)).toEqual({ kind: 'answer', status: 429 });
  });

  it('takes a token while it lives, and until the app has another', () => {
    const server = serverWith({ tokenLifeMs: 5000 });
    expect(server.arrive(first, 0)).toMatchObject({ status: 401 });
    const old = server.giveToken('app-1', 0) ?? '';
    expect(server.arrive(old, 4999)).toMatchObject({ status: 200 });
    expect(server.arrive(old, 5000)).toMatchObject({ status: 401 });
    const next = server.giveToken('app-1', 6000) ?? '';
    expect(server.arrive(old, 6001)).toMatchObject({ status: 401 });
    expect(server.arrive(next, 6001)).toMatchObject({ status: 200 });
    expect(server.apps[0]).toMatchObject({ accepted: 2, refused: 0 });
  });

  it('is down in its outages, for tokens too', () => {
    const outages = [
      { fromMs: 100, forMs: 50, kind: 'unreachable' },
      { fromMs: 300, forMs: 50, kind: 503 },
      { fromMs: 400, forMs: 50, kind: 'stall' },
    ] as const;
    const server = serverWith({ outages, tokenLifeMs: 1e6 });
    const token = server.giveToken('app-1', 0) ?? '';
    const acts = [99, 100, 149, 300, 400].map((atMs) => server.arrive(token, atMs));
    expect(acts).toEqual([
      { kind: 'answer', status: 200 },
      { kind: 'unreachable' },
      { kind: 'unreachable' },
      { kind: 'answer', status: 503 },
      { kind: 'stall' },
    ]);
    expect([server.giveToken('app-1', 120), server.giveToken('app-1', 150)]).toEqual([
      undefined,
      'app-1#2',
    ]);
  });

  it('fails as often as it is told to', () => {
    const groups = [{ apps: 1, limits: [{ requests: 1e9, perMs: 1 }] }];
    const settings = { errorRate: 0.2, stallRate: 0.1, revokeRate: 0.05 };
    const { server: all } = scenario({ requests: 0, groups }, { server: settings });
    const server = new SimulatedServer(all, groups, seededRandom(7));
    const counts = new Map<string, number>();
    for (let atMs = 0; atMs < 10_000; atMs++) {
      const act = server.arrive(first, atMs);
      const what = act.kind === 'answer' ? `${act.status}` : act.kind;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    expect((counts.get('500') ?? 0) / 10_000).toBeCloseTo(0.2, 1);
    expect((counts.get('stall') ?? 0) / 10_000).toBeCloseTo(0.1, 1);
    expect((counts.get('401') ?? 0) / 10_000).toBeCloseTo(0.05, 1);
  });

  it('refuses an app what somebody else has used up', () => {
    const server = serverWith({ stranger: { apps: 1, requestsPerSecond: 10 } }, 2);
    expect(server.arrive(first, 5000)).toMatchObject({ status: 429 });
    expect(server.arrive('app-2', 5000)).toMatchObject({ status: 200 });
  });
});
