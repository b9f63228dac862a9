import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { simulate, perSecond2 } from '../simulation/hydra-on-virtual-time.js';

it('a hydra that is printed shows no credential of its apps', () => {
  const apps = [{ id: 'one', credentials: { token: 'very-secret' } }];
  const { hydra } = simulate({ apps: 0, limits: perSecond2, options: { apps } });
  expect(inspect(hydra, { depth: 10 })).toBe(
    'OpenHydra { api: simulated, apps: 1, succeeded: 0, failed: 0, waiting: 0, inFlight: 0 }',
  );
});
