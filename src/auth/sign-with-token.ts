import type { Auth } from '../api.js';
import type { Token } from '../app.js';
import { sameSignature } from './same-signature.js';

const noToken: Token = { value: '' };

/** Signs with the token that an app has got, as a bearer token. */
export function signWithToken(): Auth['authorize'] {
  const sign = sameSignature((token: Token) => ({
    headers: { authorization: `Bearer ${token.value}` },
  }));
  return (_app, token) => sign(token ?? noToken);
}
