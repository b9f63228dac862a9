import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppRegistry, IssuedToken } from './app-registry.js';
import type { Clock } from '../clock.js';
import { readForm } from './http-server.js';
import type { Intra42Settings } from './intra42-options.js';

/** What the token endpoint needs. */
export interface TokenEndpointParts {
  readonly settings: Intra42Settings;
  readonly registry: AppRegistry;
  readonly clock: Clock;
}

/** `POST /oauth/token`: the client-credentials grant. */
export async function answerTokenRequest(
  parts: TokenEndpointParts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { settings, registry, clock } = parts;
  const form = await readForm(request);
  if (form.get('grant_type') !== 'client_credentials') {
    const error_description =
      'The authorization grant type is not supported by the authorization server.';
    return sendJson(response, 400, { error: 'unsupported_grant_type', error_description });
  }
  const app = registry.authenticate(form.get('client_id') ?? '', form.get('client_secret') ?? '');
  if (app === undefined) {
    const error_description =
      'Client authentication failed due to unknown client, or secret expired.';
    return sendJson(response, 401, { error: 'invalid_client', error_description });
  }
  const { value, token } = registry.issueToken(app);
  sendJson(response, 200, {
    access_token: value,
    token_type: 'bearer',
    expires_in: Math.floor((token.expiresAtMs - clock.wallNow()) / 1000),
    scope: 'public',
    created_at: Math.floor(token.createdAtMs / 1000),
    ...(settings.secretValidUntil === undefined
      ? {}
      : { secret_valid_until: settings.secretValidUntil }),
  });
}

/** `GET /oauth/token/info`. */
export function answerTokenInfo(token: IssuedToken, clock: Clock, response: ServerResponse): void {
  sendJson(response, 200, {
    resource_owner_id: null,
    scopes: ['public'],
    expires_in_seconds: Math.floor((token.expiresAtMs - clock.wallNow()) / 1000),
    application: { uid: token.app.uid },
    created_at: Math.floor(token.createdAtMs / 1000),
  });
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
  });
  response.end(JSON.stringify(body));
}
