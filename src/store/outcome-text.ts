/**
 * One outcome as plain text, for when it cannot be written as JSON: one fact a line, then the body's
 * bytes as they came. Read by people, and read back by their length.
 */
import type { HydraErrorFacts } from '../errors.js';
import type { Outcome, RequestMethod } from '../request/request.js';
import { HydraResponse } from '../request/response.js';
import { decodeError, encodeError, type ErrorRecord } from './error-record.js';

/** What a text begins with; the id follows. */
export const TEXT_BEGIN = 'outcome of request ';
const NEXT_TEXT = `\n${TEXT_BEGIN}`;
/** The last fact, behind which the body begins. No other line of the facts begins so. */
const LENGTH = '\nbytes ';
/** More digits has no length. */
const LONGEST_LENGTH = 16;
const LINE_FEED = 0x0a;

/** The text of an outcome: its facts, and the bytes that follow them. */
export function encodeText(outcome: Outcome): readonly [facts: string, body: Uint8Array] {
  const body = outcome.kind === 'response' ? outcome.response.bytes() : new Uint8Array();
  const facts = outcome.kind === 'response' ? responseFacts(outcome) : failureFacts(outcome);
  return [`${facts.join('\n')}${LENGTH}${body.byteLength}\n`, body];
}

/** A text among others. */
export interface MeasuredText {
  readonly id: number;
  /** Where its body begins. */
  readonly bodyStart: number;
  /** Where it ends: may lie behind the end of `bytes`. */
  readonly end: number;
}

/** How far the text reaches that begins at `start`; `undefined` when its facts are cut short, or are none. */
export function measureText(bytes: Buffer, start = 0): MeasuredText | undefined {
  const id = /^outcome of request (\d+)\n/.exec(bytes.toString('latin1', start, start + 40))?.[1];
  if (id === undefined) return undefined;
  const factsEnd = bytes.indexOf(LENGTH, start);
  if (factsEnd === -1 || bytes.subarray(start, factsEnd).includes(NEXT_TEXT)) return undefined;
  const lengthStart = factsEnd + LENGTH.length;
  const lengthEnd = bytes.subarray(0, lengthStart + LONGEST_LENGTH).indexOf(LINE_FEED, lengthStart);
  const length = bytes.toString('latin1', lengthStart, Math.max(lengthStart, lengthEnd));
  if (!/^\d+$/.test(length)) return undefined;
  const bodyStart = lengthEnd + 1;
  return { id: Number(id), bodyStart, end: bodyStart + Number(length) };
}

/**
 * The outcome of a text.
 *
 * @throws when it is cut short, or is something else.
 */
export function decodeText(bytes: Buffer): Outcome {
  const measured = measureText(bytes);
  if (measured === undefined || bytes.length < measured.end) throw new Error('it is cut short');
  const { id, bodyStart, end } = measured;
  const { facts, headers } = readFacts(bytes.toString('utf8', 0, bodyStart).split('\n'));
  const [url, at] = [facts.get('url'), Date.parse(facts.get('at') ?? '')];
  const [attempts, status] = [Number(facts.get('attempts')), Number(facts.get('status'))];
  const [appId, key, error] = [facts.get('app'), facts.get('key'), facts.get('error')];
  const isOutcome = url !== undefined && Number.isInteger(attempts) && !Number.isNaN(at);
  if (!isOutcome) throw new Error('it is no outcome of a request');
  const method = facts.get('method') as RequestMethod;
  const named = key === undefined ? {} : { key };
  const common = { id, method, url, attempts, endedAtMs: at, ...named };
  if (error !== undefined) {
    const known: HydraErrorFacts = {
      url,
      attempts,
      ...(facts.has('status') ? { status } : {}),
      ...(appId === undefined ? {} : { appId }),
    };
    const failure = { ...common, error: decodeError(JSON.parse(error) as ErrorRecord, known) };
    return { kind: 'failure', failure };
  }
  const response = new HydraResponse({
    ...common,
    status,
    appId: appId ?? '',
    durationMs: Number(facts.get('ms')),
    headers,
    body: Uint8Array.prototype.slice.call(bytes, bodyStart, end),
    isJson: facts.get('json') === 'yes',
  });
  return { kind: 'response', response };
}

function responseFacts({ response }: Extract<Outcome, { kind: 'response' }>): string[] {
  const headers = Object.entries(response.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `header ${name} ${onOneLine(one)}`),
  );
  return [
    ...commonFacts(response),
    `status ${response.status}`,
    `app ${onOneLine(response.appId)}`,
    `ms ${Math.round(response.durationMs)}`,
    `json ${response.isJson ? 'yes' : 'no'}`,
    ...headers,
  ];
}

function failureFacts({ failure }: Extract<Outcome, { kind: 'failure' }>): string[] {
  const { status, appId } = failure.error.facts;
  return [
    ...commonFacts(failure),
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(appId === undefined ? [] : [`app ${onOneLine(appId)}`]),
    `error ${onOneLine(JSON.stringify(encodeError(failure.error)))}`,
  ];
}

type Common = Pick<HydraResponse, 'id' | 'method' | 'url' | 'attempts' | 'endedAtMs'>;

function commonFacts(of: Common & { readonly key?: string | undefined }): string[] {
  const { id, method, url, attempts, endedAtMs, key } = of;
  return [
    `${TEXT_BEGIN}${id}`,
    `method ${method}`,
    `url ${onOneLine(url)}`,
    `attempts ${attempts}`,
    `at ${new Date(endedAtMs).toISOString()}`,
    ...(key === undefined ? [] : [`key ${onOneLine(key)}`]),
  ];
}

function readFacts(lines: readonly string[]): {
  facts: ReadonlyMap<string, string>;
  headers: Record<string, string | string[]>;
} {
  const facts = new Map<string, string>();
  const headers = new Map<string, string | string[]>();
  for (const line of lines) {
    const [name = '', ...rest] = line.split(' ');
    if (name !== 'header') {
      facts.set(name, fromOneLine(rest.join(' ')));
      continue;
    }
    const [header = '', ...value] = rest;
    const text = fromOneLine(value.join(' '));
    const before = headers.get(header);
    headers.set(header, before === undefined ? text : [before, text].flat());
  }
  return { facts, headers: Object.fromEntries(headers) };
}

function onOneLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function fromOneLine(text: string): string {
  return text.replaceAll(/\\(.)/g, (_whole, mark: string) =>
    mark === 'n' ? '\n' : mark === 'r' ? '\r' : mark,
  );
}
