import { describe, expect, it } from 'vitest';
import { ask, servers, twentyASecond } from './setting.js';

describe('limits that are known', () => {
  it.each(servers)('are never exceeded: $name', async ({ start, tellsLength }) => {
    // Lengths are told in whole seconds: where one is, half a second would be taken for a whole one.
    const limit = tellsLength ? twentyASecond : { requests: 20, perMs: 500 };
    // Two apps: 20 each in the first window, the rest in the second.
    const { accepted, refused } = await ask(await start(limit), [limit], 60);
    expect({ accepted, refused }).toEqual({ accepted: 60, refused: 0 });
  });
});
