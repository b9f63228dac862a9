import type { Auth, AuthContext } from '../api.js';
import type { App, Token } from '../app.js';
import { HydraError } from '../errors.js';
import { checkCredentials, credential } from './credential.js';
import { signWithToken } from './sign-with-token.js';
import { tokenServerFinder, type TokenEndpointOptions } from './token-endpoint.js';
import { clientCredentialNames, requestToken } from './token-grant.js';

/** Where a request for a token goes on although the hydra ends: its answer is the next refresh token. */
const goesOn = new AbortController().signal;

/**
 * Signs with a bearer token of the OAuth 2 refresh-token grant (RFC 6749, section 6), from the
 * credentials `clientId`, `clientSecret` (not with `clientAuthentication: 'none'`) and `refreshToken` of
 * each app.
 *
 * Where the endpoint gives a new refresh token with each access token (rotation), that one is written to
 * the apps file as soon as it comes, and is used from then on, also after a restart; the credential
 * `refreshToken` is only asked again should the kept one be rejected. So with rotation, keep an
 * `appsFile`, and give it to one process at a time. What no client can mend: an answer that is lost on
 * its way, or a process that is killed before the file is written, can take the new refresh token with it.
 *
 * An app that lacks a credential is refused with `HYDRA_INVALID_OPTION`; `HYDRA_CREDENTIALS_REJECTED` is
 * what an app is dropped with when the endpoint rejects its refresh token.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` for options that cannot be.
 *
 * @example
 * ```ts
 * oauth2RefreshToken({ issuer: 'https://accounts.example.com' });
 * ```
 */
export function oauth2RefreshToken(options: TokenEndpointOptions): Auth {
  const findServer = tokenServerFinder(options);
  const names = [...clientCredentialNames(options), 'refreshToken'];
  const refresh = async (app: App, refreshToken: string, context: AuthContext): Promise<Token> => {
    const oauth = await import('oauth4webapi');
    const server = await findServer(oauth, context);
    const grant = { type: 'refresh_token', parameters: { refresh_token: refreshToken } } as const;
    const unbroken = { ...context, signal: goesOn };
    const token = await requestToken({
      app,
      grant,
      options,
      server,
      oauth,
      context: unbroken,
    });
    return { refreshToken, ...token };
  };
  return {
    authorize: signWithToken(),
    checkApp: (app) => checkCredentials(app, names),
    rotatesTokens: true,
    async renewToken(app, context, last) {
      const given = credential(app, 'refreshToken');
      const kept = last?.refreshToken ?? given;
      try {
        return await refresh(app, kept, context);
      } catch (error) {
        // The user may have put a new one in the place of one that has died.
        if (kept === given || !isRejected(error)) throw error;
        return await refresh(app, given, context);
      }
    },
  };
}

function isRejected(error: unknown): boolean {
  return error instanceof HydraError && error.code === 'HYDRA_CREDENTIALS_REJECTED';
}
