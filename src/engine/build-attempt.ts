import type { Api, HeaderRecord, RequestSignature } from '../api.js';
import type { Job } from './job.js';
import { HydraError } from '../errors.js';
import { headersWithoutParameters, withParameters } from '../request/signed-query.js';
import { acceptEncoding } from '../transport/decode-body.js';
import type { TransportRequest, TransportResult } from '../transport/transport.js';
import { version } from '../version.js';

/** What all attempts of an engine share. */
export interface AttemptFrame {
  readonly origin: string;
  /** The query parameters that signatures may add. */
  readonly queryNames: readonly string[];
  readonly headers: HeaderRecord;
  /** Time for one attempt, unless the request says otherwise. */
  readonly timeoutMs: number;
  /** The API promises JSON. */
  readonly expectsJson: boolean;
  /** The headers together with those of a signature that stays the same, by the latter. */
  readonly signedHeaders: WeakMap<HeaderRecord, HeaderRecord>;
}

/** Works out once what would be the same for each attempt. */
export function attemptFrame(api: Api, timeoutMs: number): AttemptFrame {
  const expectsJson = api.responseType === 'json';
  return frameOf(api, timeoutMs, expectsJson, {
    'accept-encoding': acceptEncoding,
    ...(expectsJson ? { accept: 'application/json' } : {}),
  });
}

/** The same for attempts whose answers are streams: whoever takes them says what it understands. */
export function streamFrame(api: Api, timeoutMs: number): AttemptFrame {
  return frameOf(api, timeoutMs, false, {});
}

function frameOf(
  api: Api,
  timeoutMs: number,
  expectsJson: boolean,
  understood: HeaderRecord,
): AttemptFrame {
  const headers: Record<string, string> = { 'user-agent': `apihydra/${version}`, ...understood };
  addHeaders(headers, api.headers);
  const { origin } = new URL(api.baseUrl);
  const { queryNames = [] } = api.auth;
  return { origin, queryNames, headers, timeoutMs, expectsJson, signedHeaders: new WeakMap() };
}

/**
 * What is sent for a request, signed. The signature comes last, so that nothing replaces it.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION` for a signature with a query that was not announced.
 */
export function buildAttempt(
  job: Job,
  frame: AttemptFrame,
  signature: RequestSignature,
): TransportRequest {
  const { options, currentMethod, receiver } = job;
  // A redirect that turns a request into GET leaves its body behind.
  const hasBody = currentMethod === job.method;
  const isJson = hasBody && options.json !== undefined;
  return new SignedRequest({
    origin: frame.origin,
    // No URL of a job has anything between its origin and its path, or after its query.
    path: pathOf(job.currentUrl.slice(frame.origin.length), frame, signature.query),
    method: currentMethod,
    headers: headersOf(frame, isJson, receiver?.headers ?? options.headers, signature.headers),
    body: hasBody ? job.body : undefined,
    timeoutMs: options.timeoutMs ?? frame.timeoutMs,
    expectsJson: frame.expectsJson,
    asStream: receiver && true,
    bodyStream: receiver?.bodyStream,
  });
}

/** A class, since it lives as long as its {@link Attempt}. */
class SignedRequest implements TransportRequest {
  readonly origin: string;
  readonly path: string;
  readonly method: string;
  readonly headers: HeaderRecord;
  readonly body: string | Uint8Array | undefined;
  readonly timeoutMs: number;
  readonly expectsJson: boolean | undefined;
  readonly asStream: boolean | undefined;
  readonly bodyStream: AsyncIterable<Uint8Array> | undefined;

  constructor(parts: TransportRequest) {
    this.origin = parts.origin;
    this.path = parts.path;
    this.method = parts.method;
    this.headers = parts.headers;
    this.body = parts.body;
    this.timeoutMs = parts.timeoutMs;
    this.expectsJson = parts.expectsJson;
    this.asStream = parts.asStream;
    this.bodyStream = parts.bodyStream;
  }
}

/** A result whose headers do not repeat what the signature has put into the query. */
export function withoutSignature(result: TransportResult, frame: AttemptFrame): TransportResult {
  if (result.kind !== 'response' || frame.queryNames.length === 0) return result;
  return { ...result, headers: headersWithoutParameters(result.headers, frame.queryNames) };
}

function pathOf(path: string, frame: AttemptFrame, query: RequestSignature['query']): string {
  if (query === undefined) return path;
  const unknown = Object.keys(query).find((name) => !frame.queryNames.includes(name));
  if (unknown === undefined) return withParameters(path, query);
  throw new HydraError(
    'HYDRA_INVALID_OPTION',
    `Expected \`queryNames\` of the way to sign to name the query parameter ${JSON.stringify(unknown)}, which it adds: else it could be kept with a URL that comes back.`,
    { name: 'auth.queryNames' },
  );
}

function headersOf(
  frame: AttemptFrame,
  isJson: boolean,
  own: HeaderRecord | undefined,
  signature: HeaderRecord,
): HeaderRecord {
  const isUsual = !isJson && own === undefined;
  const known = isUsual ? frame.signedHeaders.get(signature) : undefined;
  if (known !== undefined) return known;
  // Not by spreading: V8 gives each object a shape of its own to which something is added after that.
  const headers: Record<string, string> = Object.assign({}, frame.headers);
  if (isJson) headers['content-type'] = 'application/json';
  if (own !== undefined) addHeaders(headers, own);
  addHeaders(headers, signature);
  if (isUsual && Object.isFrozen(signature)) frame.signedHeaders.set(signature, headers);
  return headers;
}

function addHeaders(to: Record<string, string>, from: HeaderRecord): void {
  for (const name of Object.keys(from)) to[name.toLowerCase()] = from[name] as string;
}
