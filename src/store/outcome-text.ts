/**
 * One outcome as plain text, for when it cannot be written as JSON: one fact a line, then the body's
 * bytes as they came. Read by people, and read back by their length.
 */
import { HydraError, type HydraErrorCode } from '../errors.js';
import type { Outcome, RequestMethod } from '../request/request.js';
import { HydraResponse } from '../request/response.js';

const FIRST_LINE = 'outcome of request ';
const LAST_FACT = /^bytes (\d+)\n/m;

/** The text of an outcome: its facts, and the bytes that follow them. */
export function encodeText(outcome: Outcome): readonly [facts: string, body: Uint8Array] {
  const body = outcome.kind === 'response' ? outcome.response.bytes() : new Uint8Array();
  const facts = outcome.kind === 'response' ? responseFacts(outcome) : failureFacts(outcome);
  return [`${facts.join('\n')}\nbytes ${body.byteLength}\n`, body];
}

/** Where a text's body begins and ends, relative to its start; `undefined` when the text is cut short. */
export function measureText(
  head: string,
): { id: number; headLength: number; bodyLength: number } | undefined {
  const facts = LAST_FACT.exec(head);
  const id = /^outcome of request (\d+)\n/.exec(head)?.[1];
  if (facts === null || id === undefined) return undefined;
  const headLength = Buffer.byteLength(head.slice(0, facts.index + facts[0].length));
  return { id: Number(id), headLength, bodyLength: Number(facts[1]) };
}

/**
 * The outcome of a text.
 *
 * @throws when it is cut short, or is something else.
 */
export function decodeText(bytes: Buffer): Outcome {
  const head = bytes.toString('utf8', 0, Math.min(bytes.length, MAX_HEAD_BYTES));
  const measured = measureText(head);
  if (measured === undefined || bytes.length < measured.headLength + measured.bodyLength) {
    throw new Error('it is cut short');
  }
  const lines = bytes.toString('utf8', 0, measured.headLength).split('\n');
  const { facts, headers } = readFacts(lines);
  const common = {
    id: measured.id,
    method: facts.get('method') as RequestMethod,
    url: facts.get('url') ?? '',
    attempts: Number(facts.get('attempts')),
    endedAtMs: Date.parse(facts.get('at') ?? ''),
    ...(facts.has('key') ? { key: facts.get('key') as string } : {}),
  };
  if (facts.has('error')) {
    const [code, ...message] = (facts.get('error') as string).split(' ');
    const error = new HydraError(code as HydraErrorCode, message.join(' '), { url: common.url });
    return { kind: 'failure', failure: { ...common, error } };
  }
  const body = Uint8Array.prototype.slice.call(
    bytes,
    measured.headLength,
    measured.headLength + measured.bodyLength,
  );
  const response = new HydraResponse({
    ...common,
    status: Number(facts.get('status')),
    appId: facts.get('app') ?? '',
    durationMs: Number(facts.get('ms')),
    headers,
    body,
  });
  return { kind: 'response', response };
}

/** A head is never longer. */
export const MAX_HEAD_BYTES: number = 1024 * 1024;

function responseFacts({ response }: Extract<Outcome, { kind: 'response' }>): string[] {
  const headers = Object.entries(response.headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `header ${name} ${onOneLine(one)}`),
  );
  return [
    ...commonFacts(response),
    `status ${response.status}`,
    `app ${onOneLine(response.appId)}`,
    `ms ${Math.round(response.durationMs)}`,
    ...headers,
  ];
}

function failureFacts({ failure }: Extract<Outcome, { kind: 'failure' }>): string[] {
  return [
    ...commonFacts(failure),
    `error ${failure.error.code} ${onOneLine(failure.error.message)}`,
  ];
}

type Common = Pick<HydraResponse, 'id' | 'method' | 'url' | 'attempts' | 'endedAtMs'>;

function commonFacts(of: Common & { readonly key?: string | undefined }): string[] {
  const { id, method, url, attempts, endedAtMs, key } = of;
  return [
    `${FIRST_LINE}${id}`,
    `method ${method}`,
    `url ${onOneLine(url)}`,
    `attempts ${attempts}`,
    `at ${new Date(endedAtMs).toISOString()}`,
    ...(key === undefined ? [] : [`key ${onOneLine(key)}`]),
  ];
}

function readFacts(lines: readonly string[]): {
  facts: Map<string, string>;
  headers: Record<string, string | string[]>;
} {
  const facts = new Map<string, string>();
  const headers: Record<string, string | string[]> = {};
  for (const line of lines) {
    const [name = '', ...rest] = line.split(' ');
    if (name !== 'header') {
      facts.set(name, fromOneLine(rest.join(' ')));
      continue;
    }
    const [header = '', ...value] = rest;
    const text = fromOneLine(value.join(' '));
    const before = headers[header];
    headers[header] = before === undefined ? text : [before, text].flat();
  }
  return { facts, headers };
}

function onOneLine(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function fromOneLine(text: string): string {
  return text.replaceAll(/\\(.)/g, (_whole, mark: string) =>
    mark === 'n' ? '\n' : mark === 'r' ? '\r' : mark,
  );
}
