import type { Api } from '../api.js';
import type { RequestMethod } from '../request/request.js';
import type { TransportResult } from '../transport/transport.js';

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Tells whether a successful answer is of the type that the API promises, whole. */
export function isPromisedBody(
  api: Api,
  method: RequestMethod,
  response: Extract<TransportResult, { kind: 'response' }>,
): boolean {
  const { status, headers, body } = response;
  if (status === 204 || status === 205 || status === 304) return true;
  const saysJson = /\bjson\b/i.test(String(headers['content-type'] ?? ''));
  if (api.responseType === 'any' && !saysJson) return true;
  // Writing may be answered with nothing, reading may not.
  if (body.byteLength === 0) return method !== 'GET';
  return isJson(body);
}

function isJson(body: Uint8Array): boolean {
  try {
    JSON.parse(decoder.decode(body));
    return true;
  } catch {
    return false;
  }
}
