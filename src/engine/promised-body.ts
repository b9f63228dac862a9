import type { Api } from '../api.js';
import { isJson, saysJson } from '../json-body.js';
import type { RequestMethod } from '../request/request.js';
import type { TransportResult } from '../transport/transport.js';

/** What a successful answer's body is: `wrong` is not what the API promises. */
export type BodyVerdict = 'json' | 'other' | 'wrong';

/** Tells whether a successful answer is of the type that the API promises, whole. */
export function judgeBody(
  api: Api,
  method: RequestMethod,
  response: Extract<TransportResult, { kind: 'response' }>,
): BodyVerdict {
  const { status, headers, body } = response;
  if (status === 204 || status === 205 || status === 304) return 'other';
  if (api.responseType === 'any' && !saysJson(headers)) return 'other';
  // Writing may be answered with nothing, reading may not.
  if (body.byteLength === 0) return method === 'GET' ? 'wrong' : 'other';
  return (response.isJson ?? isJson(body)) ? 'json' : 'wrong';
}
