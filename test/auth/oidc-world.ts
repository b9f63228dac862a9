/** A certified OpenID provider, and an API that asks it about each token it is shown. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { Provider, type ClientMetadata, type Configuration } from 'oidc-provider';
import {
  ApiHydra,
  defineApi,
  type ApiHydraOptions,
  type Auth,
  type Logger,
} from '../../src/index.js';
import { systemClock, type Clock } from '../../src/clock.js';
import { listenHttp } from '../transport/http-world.js';

export const SECRET = 'a secret: with / and + & % ~';

/** What came to the token endpoint. */
interface TokenRequest {
  readonly authorization: string | undefined;
  readonly form: URLSearchParams;
  readonly status: number;
  readonly answer: { access_token?: string; refresh_token?: string; error?: string };
}

export interface OidcWorld {
  readonly provider: Provider;
  readonly issuer: string;
  /** The API. It answers with the id of the client whose token it got. */
  readonly api: string;
  /** Paths that the provider was asked for. */
  readonly paths: string[];
  readonly tokenRequests: TokenRequest[];
  /** How often the API met a token that it did not take. */
  refused: number;
}

/** Starts both for one test. */
export async function startOidc(
  client: Partial<ClientMetadata> = {},
  configuration: Configuration = {},
): Promise<OidcWorld> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = quietly(
    () =>
      new Provider(issuer, {
        clients: [
          {
            client_id: 'one',
            client_secret: SECRET,
            grant_types: ['client_credentials', 'refresh_token', 'authorization_code'],
            redirect_uris: ['https://client.example/'],
            ...client,
          },
        ],
        features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
        scopes: ['openid', 'offline_access', 'read'],
        // Seconds. Where they are not given, the provider says so on the console.
        ttl: {
          AccessToken: 3600,
          ClientCredentials: 3600,
          Grant: 1e6,
          IdToken: 3600,
          RefreshToken: 1e6,
        },
        cookies: { keys: ['for tests'] },
        findAccount: (_ctx, accountId) => ({
          accountId,
          claims: () => ({ sub: accountId }),
        }),
        ...configuration,
      }),
  );
  const paths: string[] = [];
  const tokenRequests: TokenRequest[] = [];
  provider.use(async (ctx, next) => {
    paths.push(ctx.path);
    await next();
    if (ctx.path !== '/token') return;
    tokenRequests.push({
      authorization: ctx.get('authorization') || undefined,
      form: new URLSearchParams(
        (ctx['oidc'] as { body?: Record<string, string> } | undefined)?.body,
      ),
      status: ctx.status,
      answer: ctx.body as TokenRequest['answer'],
    });
  });
  const handle = provider.callback();
  server.on('request', (request, response) => void handle(request, response));
  const world = { provider, issuer, paths, tokenRequests, refused: 0 };
  const api = await startApi(world);
  return Object.assign(world, { api });
}

async function startApi(world: { provider: Provider; refused: number }): Promise<string> {
  const { origin } = await listenHttp((request, response) => {
    void clientOf(world.provider, request).then((clientId) => {
      if (clientId === undefined) world.refused += 1;
      response
        .writeHead(clientId === undefined ? 401 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ clientId }));
    });
  });
  return origin;
}

async function clientOf(provider: Provider, request: IncomingMessage): Promise<string | undefined> {
  const value = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const token =
    (await provider.ClientCredentials.find(value)) ?? (await provider.AccessToken.find(value));
  return token?.clientId;
}

/** A refresh token as a user's consent would have got it. */
export async function consent({ provider }: OidcWorld): Promise<string> {
  const client = await provider.Client.find('one');
  if (client === undefined) throw new Error('no such client');
  const grant = new provider.Grant({ accountId: 'somebody', clientId: 'one' });
  grant.addOIDCScope('openid offline_access');
  const token = new provider.RefreshToken({
    client,
    accountId: 'somebody',
    grantId: await grant.save(),
    scope: 'openid offline_access',
    gty: 'authorization_code',
  });
  return await token.save();
}

/** What a hydra said. */
export const lines: string[] = [];
const keep = (message: string): void => void lines.push(message);
const logger: Logger = { debug: keep, info: keep, warn: keep, error: keep, fatal: keep };

/** A hydra that asks the API. `clock.aheadMs` is how far its time is ahead of the provider's. */
export function hydraFor(
  { api }: { readonly api: string },
  auth: Auth,
  credentials: Record<string, string> = { clientId: 'one', clientSecret: SECRET },
  options: Partial<ApiHydraOptions> = {},
): { hydra: ApiHydra; clock: Clock & { aheadMs: number } } {
  const clock: Clock & { aheadMs: number } = {
    ...systemClock,
    aheadMs: 0,
    wallNow: () => systemClock.wallNow() + clock.aheadMs,
  };
  const hydra = new ApiHydra(
    {
      api: defineApi({ baseUrl: api, limits: [{ requests: 1000, perMs: 1000 }], auth }),
      apps: [{ id: 'a', credentials }],
      appsFile: false,
      store: false,
      minRequestDelayMs: 0,
      maxRetries: 2,
      retryDelayMs: 0,
      logger,
      ...options,
    },
    { clock },
  );
  onTestFinished(() => hydra.finish());
  return { hydra, clock };
}

/** The provider says on the console what a real service would do otherwise: not of interest here. */
function quietly<T>(make: () => T): T {
  const { warn, info } = console;
  console.warn = console.info = () => {};
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}
