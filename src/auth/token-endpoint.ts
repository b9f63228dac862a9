/** Where OAuth 2 tokens come from: a given address, or one that an issuer tells (discovery). */
import type * as OAuthLibrary from 'oauth4webapi';
import type { AuthContext } from '../api.js';
import { describeValue, HydraError } from '../errors.js';

/** The library, which is loaded when a token is needed. */
export type OAuth = typeof OAuthLibrary;

/** How a client proves who it is at a token endpoint (RFC 6749, section 2.3.1). */
export type ClientAuthentication =
  /** Id and secret in the form. */
  | 'client_secret_post'
  /** Id and secret in the header `Authorization: Basic`. */
  | 'client_secret_basic'
  /** The id alone, for clients that have no secret. */
  | 'none';

/** What the ways to sign with OAuth 2 have in common. Exactly one of `tokenUrl` and `issuer` is given. */
export interface TokenEndpointOptions {
  /** The token endpoint. */
  readonly tokenUrl?: string;
  /**
   * The issuer, whose metadata (OpenID Connect Discovery, else RFC 8414) tell the token endpoint. They
   * are read once. Plain `http` is for servers on this machine only.
   */
  readonly issuer?: string;
  /**
   * How the client proves who it is.
   *
   * @defaultValue with an `issuer`, the first that it offers of `client_secret_basic` and
   * `client_secret_post`; else `'client_secret_post'`
   */
  readonly clientAuthentication?: ClientAuthentication;
  /** Scopes to ask for, separated by blanks. */
  readonly scope?: string;
  /** Further parameters of the token request, such as `{ audience: '...' }`. */
  readonly parameters?: Readonly<Record<string, string>>;
}

const METHODS = ['client_secret_post', 'client_secret_basic', 'none'];

/** A token endpoint, once it is known. */
export interface TokenServer {
  readonly metadata: OAuthLibrary.AuthorizationServer & { readonly token_endpoint: string };
  readonly clientAuthentication: ClientAuthentication;
}

/**
 * Checks the options, and returns how to find the endpoint. What was found is kept.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function tokenServerFinder(
  options: TokenEndpointOptions,
): (oauth: OAuth, context: AuthContext) => Promise<TokenServer> {
  const { tokenUrl, issuer, clientAuthentication } = options;
  if (clientAuthentication !== undefined && !METHODS.includes(clientAuthentication)) {
    throw invalid('clientAuthentication', `one of ${METHODS.join(', ')}`, clientAuthentication);
  }
  if ((tokenUrl === undefined) === (issuer === undefined)) {
    const what = tokenUrl === undefined ? 'neither' : 'both';
    throw new HydraError(
      'HYDRA_INVALID_OPTION',
      `Expected one of \`tokenUrl\` and \`issuer\`, got ${what}.`,
      { name: 'tokenUrl' },
    );
  }
  if (tokenUrl !== undefined) {
    const { origin, href } = checkedUrl('tokenUrl', tokenUrl);
    const server: TokenServer = {
      metadata: { issuer: origin, token_endpoint: href },
      clientAuthentication: clientAuthentication ?? 'client_secret_post',
    };
    return () => Promise.resolve(server);
  }
  const url = checkedUrl('issuer', issuer);
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw invalid('issuer', 'an https URL, or one of this machine', issuer);
  }
  let found: Promise<TokenServer> | undefined;
  return (oauth, context) => {
    found ??= discover(oauth, url, options, context).catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    return found;
  };
}

async function discover(
  oauth: OAuth,
  issuer: URL,
  options: TokenEndpointOptions,
  context: AuthContext,
): Promise<TokenServer> {
  const metadata =
    (await readMetadata(oauth, issuer, 'oidc', context)) ??
    (await readMetadata(oauth, issuer, 'oauth2', context));
  const { token_endpoint: endpoint, token_endpoint_auth_methods_supported: methods = [] } =
    metadata ?? {};
  if (metadata === undefined || endpoint === undefined || !URL.canParse(endpoint)) {
    throw noMetadata(issuer, 'none that names a token endpoint');
  }
  const url = new URL(endpoint);
  if (url.protocol !== 'https:' && !isLoopback(url)) {
    throw noMetadata(issuer, `a token endpoint without TLS (${url.origin})`);
  }
  const isPostOnly =
    methods.includes('client_secret_post') && !methods.includes('client_secret_basic');
  const offered = isPostOnly ? 'client_secret_post' : 'client_secret_basic';
  return {
    metadata: { ...metadata, token_endpoint: url.href },
    clientAuthentication: options.clientAuthentication ?? offered,
  };
}

/** The metadata at one of the two well-known places; `undefined` when there is nothing. */
async function readMetadata(
  oauth: OAuth,
  issuer: URL,
  algorithm: 'oidc' | 'oauth2',
  context: AuthContext,
): Promise<OAuthLibrary.AuthorizationServer | undefined> {
  let response: Response;
  try {
    response = await oauth.discoveryRequest(issuer, {
      algorithm,
      [oauth.customFetch]: (url, { method, headers, redirect, signal }) =>
        context.fetch(url, { method, headers, redirect, signal: signal ?? null }),
      [oauth.allowInsecureRequests]: issuer.protocol === 'http:',
      signal: context.signal,
    });
  } catch (error) {
    throw unreachable(issuer, 'The metadata of the issuer', error);
  }
  if (response.status === 404) return undefined;
  const { status } = response;
  try {
    return await oauth.processDiscoveryResponse(issuer, response);
  } catch (error) {
    const isOther =
      error instanceof Error && 'code' in error && error.code === oauth.JSON_ATTRIBUTE_COMPARISON;
    throw noMetadata(
      issuer,
      isOther ? 'those of another issuer' : `status ${status} and ${typeOf(response)}`,
    );
  }
}

/** The error for no answer at all: nothing of the request is in it. */
export function unreachable(url: URL, what: string, error: unknown): HydraError {
  const isTimeout = error instanceof HydraError && error.code === 'HYDRA_TIMEOUT';
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = isTimeout ? message : (code ?? message);
  return new HydraError(
    isTimeout ? 'HYDRA_TIMEOUT' : 'HYDRA_NETWORK',
    `${what} at ${url.origin}${url.pathname} could not be had (${reason}).`,
    { url: url.origin + url.pathname },
  );
}

/** Names the content type of an answer. */
export function typeOf(response: Response): string {
  return response.headers.get('content-type') ?? 'no content type';
}

function noMetadata(issuer: URL, got: string): HydraError {
  return new HydraError(
    'HYDRA_NETWORK',
    `Expected metadata of the issuer ${issuer.origin}${issuer.pathname}, got ${got}.`,
    { url: issuer.origin + issuer.pathname },
  );
}

function checkedUrl(name: string, value: unknown): URL {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw invalid(name, 'an absolute http or https URL', value);
  }
  if (url.username || url.password)
    throw invalid(name, 'a URL without credentials in it', '(not shown)');
  return url;
}

function isLoopback({ hostname }: URL): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

function invalid(name: string, expected: string, value: unknown): HydraError {
  const message = `Expected \`${name}\` to be ${expected}, got ${describeValue(value)}.`;
  return new HydraError('HYDRA_INVALID_OPTION', message, { name });
}
