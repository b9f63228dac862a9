/** One request for an OAuth 2 token, and what its answer means. */
import type * as OAuthLibrary from 'oauth4webapi';
import type { AuthContext } from '../api.js';
import type { App, Token } from '../app.js';
import { HydraError } from '../errors.js';
import { credential } from './credential.js';
import {
  type OAuth,
  typeOf,
  unreachable,
  type TokenEndpointOptions,
  type TokenServer,
} from './token-endpoint.js';

/** What is asked for. */
interface TokenGrant {
  readonly type: 'client_credentials' | 'refresh_token';
  /** The parameters of this grant alone. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Error codes of RFC 6749, section 5.2, after which trying again is of no use. */
const PERMANENT_ERRORS = new Set([
  'invalid_client',
  'invalid_grant',
  'invalid_scope',
  'unauthorized_client',
  'unsupported_grant_type',
]);

/** Names of the credentials that a client of `options` proves itself with. */
export function clientCredentialNames({ clientAuthentication }: TokenEndpointOptions): string[] {
  return clientAuthentication === 'none' ? ['clientId'] : ['clientId', 'clientSecret'];
}

/** What a request for a token is made with. */
interface TokenRequestParts {
  readonly app: App;
  readonly grant: TokenGrant;
  readonly options: TokenEndpointOptions;
  readonly server: TokenServer;
  readonly oauth: OAuth;
  readonly context: AuthContext;
}

/**
 * Asks for a token.
 *
 * @throws HydraError `HYDRA_CREDENTIALS_REJECTED` when asking again is of no use; `HYDRA_NETWORK` or
 * `HYDRA_TIMEOUT` for whatever may pass.
 */
export async function requestToken(parts: TokenRequestParts): Promise<Token> {
  const { app, oauth, server, grant, context } = parts;
  const response = await send(parts);
  // A 401 is told apart here, because the library looks at its challenge header first.
  if (response.status === 401) throw rejected(app, 'invalid_client');
  const client = { client_id: credential(app, 'clientId') };
  try {
    const { metadata } = server;
    const text = await readable(response);
    const answer = await oauth.processGenericTokenEndpointResponse(metadata, client, text);
    const { access_token: value, expires_in: seconds, refresh_token: refreshToken } = answer;
    return {
      value,
      ...(seconds === undefined ? {} : { expiresAtMs: context.wallNow() + seconds * 1000 }),
      ...(refreshToken === undefined || grant.type !== 'refresh_token' ? {} : { refreshToken }),
    };
  } catch (error) {
    const told = error instanceof oauth.ResponseBodyError ? error.error : undefined;
    if (told !== undefined && PERMANENT_ERRORS.has(told)) throw rejected(app, told);
    throw noToken(app, server, response, told);
  }
}

async function send(parts: TokenRequestParts): Promise<Response> {
  const { app, grant, options, server, oauth, context } = parts;
  const url = new URL(server.metadata.token_endpoint);
  const proof = clientProof(oauth, app, server);
  const scope = options.scope === undefined ? {} : { scope: options.scope };
  try {
    return await oauth.genericTokenEndpointRequest(
      server.metadata,
      { client_id: credential(app, 'clientId') },
      proof,
      grant.type,
      { ...options.parameters, ...scope, ...grant.parameters },
      {
        [oauth.customFetch]: context.fetch,
        [oauth.allowInsecureRequests]: url.protocol === 'http:',
        signal: context.signal,
      },
    );
  } catch (error) {
    throw unreachable(url, `A token for app ${app.id}`, error);
  }
}

function clientProof(oauth: OAuth, app: App, server: TokenServer): OAuthLibrary.ClientAuth {
  switch (server.clientAuthentication) {
    case 'none':
      return oauth.None();
    case 'client_secret_basic':
      return oauth.ClientSecretBasic(credential(app, 'clientSecret'));
    case 'client_secret_post':
      return oauth.ClientSecretPost(credential(app, 'clientSecret'));
  }
}

/**
 * The answer as the library shall read it: without a challenge, before which it would overlook the error
 * in the body, and without an ID token: nobody is signed in here, so who that may be is of no interest, and
 * checking it would ask for an issuer that need not be known.
 */
async function readable(response: Response): Promise<Response> {
  const text = await response.text();
  const type = response.headers.get('content-type');
  const init = { status: response.status, headers: type === null ? {} : { 'content-type': type } };
  if (!text.includes('"id_token"')) return new Response(text, init);
  try {
    const { id_token: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return new Response(JSON.stringify(rest), init);
  } catch {
    return new Response(text, init);
  }
}

/** An error code as the server tells it, unless it is something else. */
function named(error: string): string {
  return /^\w{1,40}$/.test(error) ? error : '(not shown)';
}

/** What the library attaches to its errors holds the answer, maybe with a token: it goes no further. */
function noToken(
  app: App,
  { metadata }: TokenServer,
  response: Response,
  error: string | undefined,
): HydraError {
  const { origin, pathname } = new URL(metadata.token_endpoint);
  const { status } = response;
  const what =
    error === undefined ? `no token in it (${typeOf(response)})` : `the error ${named(error)}`;
  return new HydraError(
    'HYDRA_NETWORK',
    `Expected a token from ${origin}${pathname}, got status ${status} and ${what}.`,
    { url: origin + pathname, status, appId: app.id },
  );
}

function rejected(app: App, error: string): HydraError {
  return new HydraError(
    'HYDRA_CREDENTIALS_REJECTED',
    `The token endpoint rejected the credentials of app ${app.id} (${error}).`,
    { appId: app.id },
  );
}
