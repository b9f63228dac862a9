import { describe, expect, it } from 'vitest';
import type { Auth } from '../../src/index.js';
import { hardlyAnyLimits, simulate } from './hydra-on-virtual-time.js';
import { jsonAnswer } from './simulated-server.js';

describe('finish() while the token endpoint is down', () => {
  it('ends, also when an answer that is under way has to be asked for again', async () => {
    let tokens = 0;
    const auth: Auth = {
      authorize: (app) => ({ headers: { authorization: `Bearer ${app.id}` } }),
      renewToken: (_app, context) => {
        tokens += 1;
        if (tokens > 1) return Promise.reject(new Error('the token endpoint is down'));
        return Promise.resolve({ value: 'first', expiresAtMs: context.wallNow() + 1000 });
      },
    };
    // The first request is answered with an error, when a new token has just been tried for in vain.
    const { hydra, clock } = simulate({
      apps: 1,
      limits: hardlyAnyLimits,
      api: { auth },
      server: { workMs: 2500, answer: () => jsonAnswer({}, 500) },
    });
    hydra.get('/under-way');
    await clock.advance(2000);
    hydra.get('/waiting');
    const finished = hydra.finish();
    await clock.runUntil(finished);
    const failures = await hydra.failures();
    expect(failures.map((failure) => failure.url.split('/').at(-1))).toEqual([
      'under-way',
      'waiting',
    ]);
    expect(failures[1]?.error.message).toContain('the token endpoint is down');
    expect(hydra.stats.inFlight).toBe(0);
  });
});
