import type { Api, RequestSignature } from '../api.js';
import type { Job } from './job.js';
import { acceptEncoding } from '../transport/decode-body.js';
import type { TransportRequest } from '../transport/transport.js';
import { version } from '../version.js';

const ALWAYS = { 'user-agent': `apihydra/${version}`, 'accept-encoding': acceptEncoding };

/** What is sent for a request, signed. The signature comes last, so that nothing replaces it. */
export function buildAttempt(
  job: Job,
  api: Api,
  signature: RequestSignature,
  timeoutMs: number,
): TransportRequest {
  const url = new URL(job.currentUrl);
  const headers: Record<string, string> = { ...ALWAYS, ...api.headers };
  if (api.responseType === 'json') headers['accept'] ??= 'application/json';
  // A redirect that turns a request into GET leaves its body behind.
  const hasBody = job.currentMethod === job.method;
  if (hasBody && job.options.json !== undefined) headers['content-type'] = 'application/json';
  for (const [name, value] of Object.entries(job.options.headers ?? {})) {
    headers[name.toLowerCase()] = value;
  }
  for (const [name, value] of Object.entries(signature.headers)) {
    headers[name.toLowerCase()] = value;
  }
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: job.currentMethod,
    headers,
    body: hasBody ? job.body : undefined,
    timeoutMs: job.options.timeoutMs ?? timeoutMs,
  };
}
