/** The OAuth 2 ways to sign, against a server that we did not write. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { oauth2ClientCredentials, oauth2RefreshToken, type ApiHydra } from '../../src/index.js';
import { consent, hydraFor, lines, SECRET, startOidc } from './oidc-world.js';

const HOUR_MS = 3_600_000;

async function failureOf(hydra: ApiHydra): Promise<unknown> {
  return await hydra.get('/x').catch((error: unknown) => error);
}

function appsFileOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'apihydra-oidc-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, 'apps.json');
}

describe('client credentials', () => {
  it('find the endpoint by its issuer, once, and get one token for many requests', async () => {
    const world = await startOidc();
    const { hydra } = hydraFor(world, oauth2ClientCredentials({ issuer: world.issuer }));
    for (let i = 0; i < 20; i++) hydra.get(`/${i}`);
    const pairs = await hydra.getResponsesAsJson();
    expect(pairs.map(([, body]) => body)).toEqual(
      Array.from({ length: 20 }, () => ({ clientId: 'one' })),
    );
    expect(world.paths).toEqual(['/.well-known/openid-configuration', '/token']);
    expect(world.refused).toBe(0);
  });

  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'prove themselves by %s, with any characters in the secret',
    async (clientAuthentication) => {
      const world = await startOidc({ token_endpoint_auth_method: clientAuthentication });
      const tokenUrl = `${world.issuer}/token`;
      const auth = oauth2ClientCredentials({ tokenUrl, clientAuthentication, scope: 'read' });
      const { hydra } = hydraFor(world, auth);
      expect(await hydra.get('/x').json()).toEqual({ clientId: 'one' });
      const [request] = world.tokenRequests;
      expect(request?.authorization?.startsWith('Basic ') ?? false).toBe(
        clientAuthentication === 'client_secret_basic',
      );
      expect(request?.form.get('scope')).toBe('read');
    },
  );

  it('are renewed when the token expires, before any request meets an old one', async () => {
    const world = await startOidc({});
    const { hydra, clock } = hydraFor(world, oauth2ClientCredentials({ issuer: world.issuer }));
    await hydra.get('/1');
    clock.aheadMs = HOUR_MS / 2;
    await hydra.get('/2');
    expect(world.tokenRequests).toHaveLength(1);
    clock.aheadMs = HOUR_MS;
    await hydra.get('/3');
    expect(world.tokenRequests).toHaveLength(2);
    expect(world.refused).toBe(0);
  });

  it('are renewed once for all requests when the token is revoked', async () => {
    const world = await startOidc();
    const { hydra } = hydraFor(world, oauth2ClientCredentials({ issuer: world.issuer }));
    await hydra.get('/1');
    const value = world.tokenRequests[0]?.answer.access_token ?? '';
    await (await world.provider.ClientCredentials.find(value))?.destroy();
    for (let i = 0; i < 20; i++) hydra.get(`/${i}`);
    await hydra.join();
    expect(hydra.stats).toMatchObject({ succeeded: 21, failed: 0 });
    expect(world.tokenRequests).toHaveLength(2);
  });

  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'of a wrong secret are rejected (%s), and the secret is not shown',
    async (clientAuthentication) => {
      const world = await startOidc({ token_endpoint_auth_method: clientAuthentication });
      const auth = oauth2ClientCredentials({ issuer: world.issuer, clientAuthentication });
      const { hydra } = hydraFor(world, auth, { clientId: 'one', clientSecret: 'hunter2' });
      expect(await failureOf(hydra)).toMatchObject({
        code: 'HYDRA_NO_APPS',
        cause: { code: 'HYDRA_CREDENTIALS_REJECTED', facts: { appId: 'a' } },
      });
      expect(world.tokenRequests).toHaveLength(1);
      expect(lines.join('\n')).toContain('(invalid_client)');
      expect(lines.join('\n')).not.toContain('hunter2');
    },
  );

  it('of a scope that the client may not have are rejected', async () => {
    const world = await startOidc({ scope: 'read' });
    const auth = oauth2ClientCredentials({ issuer: world.issuer, scope: 'openid' });
    const { hydra } = hydraFor(world, auth);
    const failure = await failureOf(hydra);
    expect(failure).toMatchObject({ cause: { code: 'HYDRA_CREDENTIALS_REJECTED' } });
    expect(lines.join('\n')).toContain('(invalid_scope)');
  });
});

describe('a refresh token', () => {
  const credentials = (refreshToken: string): Record<string, string> => ({
    clientId: 'one',
    clientSecret: SECRET,
    refreshToken,
  });

  it('gets token after token, each with the refresh token that came last', async () => {
    const world = await startOidc({}, { rotateRefreshToken: true });
    const first = await consent(world);
    const auth = oauth2RefreshToken({ issuer: world.issuer });
    const { hydra, clock } = hydraFor(world, auth, credentials(first));
    for (let hour = 0; hour < 4; hour++) {
      clock.aheadMs = hour * HOUR_MS;
      expect(await hydra.get(`/${hour}`).json()).toEqual({ clientId: 'one' });
    }
    const sent = world.tokenRequests.map(({ form }) => form.get('refresh_token'));
    const given = world.tokenRequests.map(({ answer }) => answer.refresh_token);
    expect(sent).toEqual([first, ...given.slice(0, 3)]);
    expect(new Set(sent).size).toBe(4);
    expect(world.refused).toBe(0);
  });

  it('is in the apps file before a request is sent with its access token', async () => {
    const appsFile = appsFileOfTest();
    const world = await startOidc({}, { rotateRefreshToken: true });
    const auth = oauth2RefreshToken({ issuer: world.issuer });
    const { hydra } = hydraFor(world, auth, credentials(await consent(world)), { appsFile });
    await hydra.get('/1');
    // No word of `finish()`: a process that is killed now has lost nothing.
    const text = readFileSync(appsFile, 'utf8');
    expect(text).toContain(world.tokenRequests[0]?.answer.refresh_token);
  });

  it('goes on after a restart where the last process stopped', async () => {
    const appsFile = appsFileOfTest();
    const world = await startOidc({}, { rotateRefreshToken: true });
    const given = credentials(await consent(world));
    const auth = oauth2RefreshToken({ issuer: world.issuer });
    const before = hydraFor(world, auth, given, { appsFile });
    await before.hydra.get('/1');
    await before.hydra.finish();
    const after = hydraFor(world, auth, given, { appsFile });
    await after.hydra.get('/2');
    expect(world.tokenRequests).toHaveLength(1);
    after.clock.aheadMs = 2 * HOUR_MS;
    await after.hydra.get('/3');
    expect(world.tokenRequests.map(({ status }) => status)).toEqual([200, 200]);
    expect(world.tokenRequests[1]?.form.get('refresh_token')).toBe(
      world.tokenRequests[0]?.answer.refresh_token,
    );
  });

  it('outlives a rejected access token', async () => {
    const world = await startOidc({}, { rotateRefreshToken: true });
    const auth = oauth2RefreshToken({ issuer: world.issuer });
    const { hydra } = hydraFor(world, auth, credentials(await consent(world)));
    await hydra.get('/1');
    const value = world.tokenRequests[0]?.answer.access_token ?? '';
    await (await world.provider.AccessToken.find(value))?.destroy();
    expect(await hydra.get('/2').json()).toEqual({ clientId: 'one' });
    expect(world.tokenRequests.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('that has died gives way to a new one among the credentials', async () => {
    const appsFile = appsFileOfTest();
    const world = await startOidc({}, { rotateRefreshToken: true });
    const auth = oauth2RefreshToken({ issuer: world.issuer });
    const before = hydraFor(world, auth, credentials(await consent(world)), { appsFile });
    await before.hydra.get('/1');
    await before.hydra.finish();
    const kept = world.tokenRequests[0]?.answer.refresh_token ?? '';
    await (await world.provider.RefreshToken.find(kept))?.destroy();
    const fresh = await consent(world);
    const after = hydraFor(world, auth, credentials(fresh), { appsFile });
    after.clock.aheadMs = 24 * HOUR_MS;
    expect(await after.hydra.get('/2').json()).toEqual({ clientId: 'one' });
    const sent = world.tokenRequests.map(({ form }) => form.get('refresh_token'));
    expect(sent.slice(1)).toEqual([kept, fresh]);
  });

  it('that was never one is rejected, and not shown', async () => {
    const world = await startOidc();
    const auth = oauth2RefreshToken({ issuer: world.issuer });
    const { hydra } = hydraFor(world, auth, credentials('hunter2-refresh'));
    expect(await failureOf(hydra)).toMatchObject({
      code: 'HYDRA_NO_APPS',
      cause: { code: 'HYDRA_CREDENTIALS_REJECTED' },
    });
    expect(world.tokenRequests).toHaveLength(1);
    expect(lines.join('\n')).toContain('(invalid_grant)');
    expect(lines.join('\n')).not.toContain('hunter2-refresh');
  });

  it('of a client without a secret works, too', async () => {
    const world = await startOidc({ token_endpoint_auth_method: 'none', client_secret: undefined });
    const auth = oauth2RefreshToken({ issuer: world.issuer, clientAuthentication: 'none' });
    const given = { clientId: 'one', refreshToken: await consent(world) };
    const { hydra } = hydraFor(world, auth, given);
    expect(await hydra.get('/1').json()).toEqual({ clientId: 'one' });
  });

  it('that is kept nowhere is worth a word in the log', async () => {
    lines.length = 0;
    const world = await startOidc();
    hydraFor(world, oauth2RefreshToken({ issuer: world.issuer }), credentials('x'));
    expect(lines.join('\n')).toContain('`appsFile`');
  });
});
