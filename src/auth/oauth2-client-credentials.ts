import type { AuthorizationServer, Client } from 'oauth4webapi';
import type { Auth, AuthContext } from '../api.js';
import type { App, Token } from '../app.js';
import { HydraError } from '../errors.js';
import { credential } from './bearer-token.js';
import { sameSignature } from './same-signature.js';

/** What {@link oauth2ClientCredentials} must know. */
export interface OAuth2ClientCredentialsOptions {
  /** The token endpoint. */
  readonly tokenUrl: string;
  /** Scopes to ask for, separated by blanks. */
  readonly scope?: string;
}

const noToken: Token = { value: '' };

/** Error codes of RFC 6749, section 5.2, after which trying again is of no use. */
const PERMANENT_ERRORS = new Set(['invalid_client', 'unauthorized_client', 'invalid_scope']);

/**
 * Signs with a bearer token of the OAuth 2 client-credentials grant (RFC 6749, section 4.4), from
 * the credentials `clientId` and `clientSecret` of each app.
 *
 * Throws `HYDRA_CREDENTIALS_REJECTED` when the endpoint rejects them.
 */
export function oauth2ClientCredentials(options: OAuth2ClientCredentialsOptions): Auth {
  const sign = sameSignature((token: Token) => ({ authorization: `Bearer ${token.value}` }));
  return {
    authorize: (_app, token) => sign(token ?? noToken),
    renewToken: (app, context) => requestToken(app, options, context),
  };
}

async function requestToken(
  app: App,
  options: OAuth2ClientCredentialsOptions,
  context: AuthContext,
): Promise<Token> {
  // Loaded when a token is needed: the one in the apps file is mostly still good.
  const oauth = await import('oauth4webapi');
  const url = new URL(options.tokenUrl);
  const server: AuthorizationServer = { issuer: url.origin, token_endpoint: url.href };
  const client: Client = { client_id: credential(app, 'clientId') };
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretPost(credential(app, 'clientSecret')),
    options.scope === undefined ? {} : { scope: options.scope },
    {
      [oauth.customFetch]: context.fetch,
      [oauth.allowInsecureRequests]: url.protocol === 'http:',
      signal: context.signal,
    },
  );
  // A 401 is told apart here, because the library looks at its challenge header first.
  if (response.status === 401) throw rejected(app, 'invalid_client');
  try {
    const answer = await oauth.processClientCredentialsResponse(server, client, response);
    if (answer.expires_in === undefined) return { value: answer.access_token };
    return {
      value: answer.access_token,
      expiresAtMs: context.wallNow() + answer.expires_in * 1000,
    };
  } catch (error) {
    if (error instanceof oauth.ResponseBodyError && PERMANENT_ERRORS.has(error.error)) {
      throw rejected(app, error.error);
    }
    throw new HydraError(
      'HYDRA_NETWORK',
      `Expected a token from ${url.origin}${url.pathname}, got status ${response.status} and no token in it.`,
      { url: url.href, status: response.status, appId: app.id },
    );
  }
}

function rejected(app: App, error: string): HydraError {
  return new HydraError(
    'HYDRA_CREDENTIALS_REJECTED',
    `The token endpoint rejected the credentials of app ${app.id} (${error}).`,
    { appId: app.id },
  );
}
