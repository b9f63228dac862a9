import type { Auth } from '../api.js';
import { checkCredentials } from './credential.js';
import { signWithToken } from './sign-with-token.js';
import { tokenServerFinder, type TokenEndpointOptions } from './token-endpoint.js';
import { clientCredentialNames, requestToken } from './token-grant.js';

/**
 * Signs with a bearer token of the OAuth 2 client-credentials grant (RFC 6749, section 4.4), from
 * the credentials `clientId` and `clientSecret` of each app. A token that tells no `expires_in` is used
 * until the API answers 401.
 *
 * An app that lacks one is refused with `HYDRA_INVALID_OPTION`; `HYDRA_CREDENTIALS_REJECTED` is what an
 * app is dropped with when the endpoint rejects them.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` for options that cannot be.
 *
 * @example
 * ```ts
 * oauth2ClientCredentials({ tokenUrl: 'https://api.example.com/oauth/token', scope: 'read' });
 * oauth2ClientCredentials({ issuer: 'https://login.example.com' });
 * ```
 */
export function oauth2ClientCredentials(options: TokenEndpointOptions): Auth {
  const findServer = tokenServerFinder(options);
  const names = clientCredentialNames(options);
  return {
    authorize: signWithToken(),
    checkApp: (app) => checkCredentials(app, names),
    async renewToken(app, context) {
      // Loaded when a token is needed: the one in the apps file is mostly still good.
      const oauth = await import('oauth4webapi');
      const server = await findServer(oauth, context);
      const grant = { type: 'client_credentials', parameters: {} } as const;
      return await requestToken({ app, grant, options, server, oauth, context });
    },
  };
}
