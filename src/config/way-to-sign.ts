import {
  apiKey,
  basicAuth,
  bearerToken,
  oauth2ClientCredentials,
  oauth2RefreshToken,
  type Auth,
  type SignRequest,
} from '../index.js';
import type { AuthConfig } from './config.js';
import { isWayToSign } from './config-schema.js';

/**
 * The way to sign that a configuration describes.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` where the way itself refuses what it is told.
 */
export function wayToSign(auth: AuthConfig | Auth | SignRequest): Auth | SignRequest {
  if (isWayToSign(auth)) return auth;
  switch (auth.type) {
    case 'bearer':
      return bearerToken();
    case 'apiKey':
      return apiKey(auth);
    case 'basic':
      return basicAuth(auth);
    case 'oauth2ClientCredentials':
      return oauth2ClientCredentials(auth);
    case 'oauth2RefreshToken':
      return oauth2RefreshToken(auth);
  }
}
