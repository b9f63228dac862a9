/** What a row tells of: an outcome, its body, or one element of a list in it. */
import type { HydraFailure, Outcome } from '../../request/request.js';
import type { HydraResponse } from '../../request/response.js';
import { JsonText, type Value } from './cell.js';
import { readFact } from './facts.js';
import { followPath, type JsonPath } from './json-path.js';
import { parseJson, type JsonValue } from './json-value.js';
import type { ColumnSource, SelectItem } from './select.js';
import type { Tally } from './tally.js';

/** What a row tells of. */
export interface Subject {
  readonly outcome: Outcome;
  /** What paths lead into. `undefined` when it is no JSON, or no path needs it. */
  readonly value: JsonValue | undefined;
  /** The whole of it, also where it is no JSON. */
  whole(): Value;
}

/** How subjects are made of responses. */
export interface SubjectOptions {
  /** One for each element of the list that is there. */
  readonly each: JsonPath | undefined;
  /** Whether any path leads into the bodies. */
  readonly needsValue: boolean;
  /** Whether a column is made for each field: a list has none. */
  readonly wantsFields: boolean;
}

/** Whether any column needs a body to be parsed. */
export function needsValue(items: readonly SelectItem[]): boolean {
  return items.some(
    (item) => item === 'fields' || (item.source.kind === 'path' && item.source.path.length > 0),
  );
}

/** The subjects of responses. */
export async function* subjectsOfResponses(
  responses: AsyncIterable<HydraResponse>,
  options: SubjectOptions,
  tally: Tally,
): AsyncGenerator<Subject, void, undefined> {
  for await (const response of responses) {
    tally.outcomes += 1;
    if (options.each === undefined) yield subjectOf(response, options, tally);
    else yield* subjectsInside(response, options.each, tally);
  }
}

/** The subjects of failures. */
export async function* subjectsOfFailures(
  failures: AsyncIterable<HydraFailure>,
  tally: Tally,
): AsyncGenerator<Subject, void, undefined> {
  for await (const failure of failures) {
    tally.outcomes += 1;
    yield { outcome: { kind: 'failure', failure }, value: undefined, whole: () => undefined };
  }
}

/** What a column shows of a subject. */
export function readValue(source: ColumnSource, subject: Subject): Value {
  if (source.kind === 'fact') return readFact(source.fact, subject.outcome);
  return source.path.length === 0 ? subject.whole() : followPath(subject.value, source.path);
}

/** The elements of the list in a body that a path leads to; none where there is no list. */
export function listIn(
  response: HydraResponse,
  path: JsonPath,
  tally: Tally,
): readonly JsonValue[] {
  const list = followPath(parseJson(response.text()), path);
  if (Array.isArray(list)) return list as readonly JsonValue[];
  tally.withoutList += 1;
  return [];
}

/** A body: JSON as it came, text as text, and anything else as base64. */
export function wholeBody(response: HydraResponse, tally: Tally): JsonText | string {
  if (response.isJson) return new JsonText(onOneLine(response.text()));
  const bytes = response.bytes();
  try {
    return strictDecoder.decode(bytes);
  } catch {
    tally.binary += 1;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  }
}

const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** In JSON, these stand between tokens only. */
function onOneLine(json: string): string {
  return json.replaceAll(/[\r\n]+/g, ' ');
}

function subjectOf(response: HydraResponse, options: SubjectOptions, tally: Tally): Subject {
  const value = options.needsValue ? parseJson(response.text()) : undefined;
  if (options.needsValue && value === undefined) tally.notJson += 1;
  if (options.wantsFields && Array.isArray(value)) tally.lists += 1;
  const whole = (): Value => plainValue(wholeBody(response, tally));
  return { outcome: { kind: 'response', response }, value, whole };
}

function* subjectsInside(
  response: HydraResponse,
  each: JsonPath,
  tally: Tally,
): Generator<Subject, void, undefined> {
  const outcome: Outcome = { kind: 'response', response };
  for (const value of listIn(response, each, tally)) yield { outcome, value, whole: () => value };
}

/** Lists and objects stay as they came; a text in quotes would be no text in a table. */
function plainValue(body: JsonText | string): Value {
  if (typeof body === 'string' || /^\s*[[{]/.test(body.text)) return body;
  return parseJson(body.text);
}
