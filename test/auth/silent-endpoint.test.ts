/** Token endpoints that take the connection, and never answer. */
import { describe, expect, it } from 'vitest';
import { oauth2ClientCredentials, oauth2RefreshToken } from '../../src/index.js';
import type { ApiHydra, Auth } from '../../src/index.js';
import { makeHydra } from '../fetch/setting.js';
import { keepingLogger } from '../simulation/hydra-on-virtual-time.js';
import { listenTcp, until, type Listening } from '../transport/http-world.js';

const credentials = { clientId: 'one', clientSecret: 'two', refreshToken: 'three' };
const timeoutMs = 40;

interface World {
  readonly endpoint: Listening;
  readonly hydra: ApiHydra;
  readonly lines: readonly string[];
}

async function makeWorld(way: (origin: string) => Auth): Promise<World> {
  const endpoint = await listenTcp(() => {});
  const { logger, lines } = keepingLogger();
  const hydra = makeHydra(endpoint.origin, {
    api: { auth: way(endpoint.origin) },
    options: { apps: [{ id: 'a', credentials }], timeoutMs, logger },
  });
  return { endpoint, hydra, lines };
}

describe.each<[string, (origin: string) => Auth]>([
  ['client credentials', (origin) => oauth2ClientCredentials({ tokenUrl: `${origin}/token` })],
  // Its request is not broken off by finish(), since its answer may be the next refresh token.
  ['a refresh token', (origin) => oauth2RefreshToken({ tokenUrl: `${origin}/token` })],
  ['client credentials of an issuer', (issuer) => oauth2ClientCredentials({ issuer })],
  ['a refresh token of an issuer', (issuer) => oauth2RefreshToken({ issuer })],
])('a token endpoint that never answers, asked with %s,', (_name, way) => {
  const noTokenYet = /^warn App a: no token yet, trying again in 2 s \(.*40 ms/;
  const late = { code: 'HYDRA_TIMEOUT', message: expect.stringContaining('40 ms') as string };

  it('is tried for again after `timeoutMs`, which is said, and finish() ends', async () => {
    const { hydra, lines } = await makeWorld(way);
    hydra.get('/x');
    await until(() => lines.some((line) => noTokenYet.test(line)));
    await hydra.finish();
    expect(await hydra.failures()).toMatchObject([{ error: late }]);
  });

  it('keeps finish() from ending no longer than that', async () => {
    const { hydra, lines, endpoint } = await makeWorld(way);
    hydra.get('/x');
    await until(() => endpoint.connections === 1);
    await hydra.finish();
    expect(await hydra.failures()).toMatchObject([{ error: late }]);
    // Not tried for again.
    expect(lines.filter((line) => noTokenYet.test(line))).toEqual([]);
  });
});
