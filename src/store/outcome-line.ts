/**
 * One outcome as one line of JSON. The head says what was asked and how it ended; the body comes last
 * and stands as it came: JSON as JSON, text as a string, anything else as base64.
 */
import { saysJson } from '../json-body.js';
import type { HydraFailure, Outcome, RequestMethod } from '../request/request.js';
import { HydraResponse } from '../request/response.js';
import { decodeError, encodeError, type ErrorRecord } from './error-record.js';

/** A line in three pieces, so that a large body is copied only once. */
export interface LinePieces {
  readonly head: string;
  /** JSON in UTF-8, without a byte order mark; may hold line ends between its tokens. */
  readonly body: Uint8Array | undefined;
  readonly tail: string;
}

type BodyEncoding = 'json' | 'text' | 'base64';

const BODY_MARK = Buffer.from('},"body":');
const QUOTE = 0x22;
/** Space, tab, line feed, carriage return. */
const WHITE_SPACE: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The line of an outcome, without a line feed.
 *
 * @throws when it cannot be written as JSON, such as a text longer than a string can be.
 */
export function encodeLine(outcome: Outcome): LinePieces {
  if (outcome.kind === 'failure') {
    return { head: encodeFailure(outcome.failure), body: undefined, tail: '' };
  }
  const { response } = outcome;
  const body = response.bytes();
  if (response.isJson) {
    const isAmbiguous = isStringLiteral(body) && !saysJson(response.headers);
    const head = encodeHead(response, isAmbiguous ? 'json' : undefined);
    return { head: `${head},"body":`, body: withoutMark(body), tail: '}' };
  }
  const text = asText(body);
  if (text === undefined) {
    const base64 = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64');
    const head = encodeHead(response, 'base64');
    return { head: `${head},"body":"${base64}"}`, body: undefined, tail: '' };
  }
  const head = encodeHead(response, saysJson(response.headers) ? 'text' : undefined);
  return { head: `${head},"body":${JSON.stringify(text)}}`, body: undefined, tail: '' };
}

/**
 * The outcome of a line.
 *
 * @param line - without its line feed, nor the comma that ends it in an array.
 * @throws when the line is cut short, or is something else.
 */
export function decodeLine(line: Buffer): Outcome {
  const record = JSON.parse(line.toString('utf8')) as Partial<Record<string, unknown>>;
  const { id, method, url, attempts, at, key } = record;
  const endedAtMs = Date.parse(String(at));
  const isOutcome =
    Number.isSafeInteger(id) &&
    typeof method === 'string' &&
    typeof url === 'string' &&
    typeof attempts === 'number' &&
    !Number.isNaN(endedAtMs);
  if (!isOutcome) throw new Error('it is no outcome of a request');
  const common = {
    id: id as number,
    method: method as RequestMethod,
    url,
    attempts,
    endedAtMs,
    ...(typeof key === 'string' ? { key } : {}),
  };
  if (record['error'] !== undefined) return decodeFailure(common, record);
  return decodeResponse(common, record, line);
}

/** The id of a line that looks whole, without parsing it; `undefined` for any other. */
export function peekId(line: Buffer): number | undefined {
  if (line[line.length - 1] !== 0x7d || line.length < 8) return undefined;
  const start = line.toString('latin1', 0, 32);
  const match = /^\{"id":(\d+),/.exec(start);
  return match === null ? undefined : Number(match[1]);
}

type Common = Pick<HydraFailure, 'id' | 'method' | 'url' | 'attempts' | 'endedAtMs' | 'key'>;

function encodeHead(response: HydraResponse, encoding: BodyEncoding | undefined): string {
  const { id, method, url, key, status, attempts, appId, durationMs, endedAtMs, headers } =
    response;
  const keyPart = key === undefined ? '' : `"key":${JSON.stringify(key)},`;
  const encodingPart = encoding === undefined ? '' : `"encoding":"${encoding}",`;
  const at = new Date(endedAtMs).toISOString();
  return `{"id":${id},"method":"${method}","url":${JSON.stringify(url)},${keyPart}"status":${status},"attempts":${attempts},"app":${JSON.stringify(appId)},"at":"${at}","ms":${Math.round(durationMs)},${encodingPart}"headers":${JSON.stringify(headers)}`;
}

function encodeFailure(failure: HydraFailure): string {
  const { id, method, url, key, attempts, endedAtMs, error } = failure;
  const { status, appId } = error.facts;
  return JSON.stringify({
    id,
    method,
    url,
    key,
    status,
    attempts,
    app: appId,
    at: new Date(endedAtMs).toISOString(),
    error: encodeError(error),
  });
}

function decodeFailure(common: Common, record: Partial<Record<string, unknown>>): Outcome {
  const error = decodeError(record['error'] as ErrorRecord, {
    url: common.url,
    attempts: common.attempts,
    ...(record['status'] === undefined ? {} : { status: record['status'] as number }),
    ...(record['app'] === undefined ? {} : { appId: record['app'] as string }),
  });
  return { kind: 'failure', failure: { ...common, error } };
}

function decodeResponse(
  common: Common,
  record: Partial<Record<string, unknown>>,
  line: Buffer,
): Outcome {
  const { status, app, ms, headers, body } = record;
  const isResponse =
    typeof status === 'number' &&
    typeof headers === 'object' &&
    headers !== null &&
    !Array.isArray(headers) &&
    'body' in record;
  if (!isResponse) throw new Error('it is no response');
  const known = headers as HydraResponse['headers'];
  const encoding = (record['encoding'] ?? usualEncoding(known, body)) as BodyEncoding;
  const response = new HydraResponse({
    ...common,
    status,
    appId: String(app),
    durationMs: Number(ms),
    headers: known,
    body: decodeBody(encoding, body, line),
    isJson: encoding === 'json',
  });
  return { kind: 'response', response };
}

function usualEncoding(headers: HydraResponse['headers'], body: unknown): BodyEncoding {
  return typeof body !== 'string' || saysJson(headers) ? 'json' : 'text';
}

function decodeBody(encoding: BodyEncoding, body: unknown, line: Buffer): Uint8Array {
  switch (encoding) {
    case 'base64':
      return Buffer.from(body as string, 'base64');
    case 'text':
      return Buffer.from(body as string);
    case 'json': {
      // As it came, to the digit: parsing would change numbers that JavaScript cannot hold. The mark
      // cannot stand earlier: a string would have its quotes escaped, and headers hold no objects.
      const mark = line.indexOf(BODY_MARK);
      if (mark === -1) throw new Error('its body does not follow its headers');
      const start = mark + BODY_MARK.length;
      return Uint8Array.prototype.slice.call(line, start, line.lastIndexOf(0x7d));
    }
    default:
      throw new Error(`its encoding is ${String(encoding)}`);
  }
}

/** JSON may begin with a byte order mark, and then with white space. */
function isStringLiteral(body: Uint8Array): boolean {
  const first = withoutMark(body).find((byte) => !WHITE_SPACE.has(byte));
  return first === QUOTE;
}

/** JSON within JSON has no byte order mark. */
function withoutMark(body: Uint8Array): Uint8Array {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

function asText(body: Uint8Array): string | undefined {
  try {
    return textDecoder.decode(body);
  } catch (error) {
    // Too long for a string: a kind of error of its own, and no reason to call it binary.
    if ((error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return undefined;
    throw error;
  }
}
