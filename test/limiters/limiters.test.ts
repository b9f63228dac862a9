import { describe, expect, it } from 'vitest';
import { ask, servers, twentyASecond } from './setting.js';

// They wait most of the time: they may as well do so together.
describe.concurrent('limits that are assumed too high', () => {
  it.each(servers)('are corrected by what answers tell: $name', async ({ start, tellsLength }) => {
    const assumed = [{ requests: 100, perMs: 1000 }];
    const { accepted, refused, hydra } = await ask(await start(twentyASecond), assumed, 50);
    expect(accepted).toBe(50);
    // Each answer tells what is left, so that at most what was under way together is refused.
    expect(refused).toBeLessThanOrEqual(3);
    expect(hydra.stats.allowedRate).toBe(tellsLength ? 40 : 200);
  });
});

describe.concurrent('limits that nobody knows', () => {
  it.each(servers.filter(({ tellsLength }) => tellsLength))(
    'are known from the first answer: $name',
    async ({ start }) => {
      const { accepted, refused, hydra } = await ask(await start(twentyASecond), 'discover', 50);
      expect({ accepted, refused }).toEqual({ accepted: 50, refused: 0 });
      expect(hydra.stats.allowedRate).toBe(40);
    },
  );

  it.each(servers.filter(({ tellsLength }) => !tellsLength))(
    'are looked for with care where no length is told: $name',
    async ({ start }) => {
      const limit = { requests: 2, perMs: 1000 };
      const { accepted, refused } = await ask(await start(limit), 'discover', 6);
      expect(accepted).toBe(6);
      expect(refused).toBeLessThanOrEqual(1);
    },
  );
});
