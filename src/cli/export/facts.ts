/** What is known of an outcome besides its body: the names with `@` in `--select`. */
import type { Outcome } from '../../request/request.js';
import type { Value } from './cell.js';

/** Facts of a response. */
export const responseFacts = [
  'id',
  'method',
  'url',
  'key',
  'status',
  'attempts',
  'app',
  'at',
  'ms',
] as const;

/** Facts of a failure. */
export const failureFacts = [
  'id',
  'method',
  'url',
  'key',
  'status',
  'attempts',
  'app',
  'at',
  'code',
  'message',
] as const;

/** The name of a fact, without its `@`. */
export type FactName = (typeof responseFacts)[number] | (typeof failureFacts)[number];

/** A fact of an outcome; `undefined` where it has none of this name. */
export function readFact(fact: FactName, outcome: Outcome): Value {
  const common = outcome.kind === 'response' ? outcome.response : outcome.failure;
  switch (fact) {
    case 'id':
    case 'method':
    case 'url':
    case 'key':
    case 'attempts':
      return common[fact];
    case 'at':
      return new Date(common.endedAtMs);
    case 'status':
      return outcome.kind === 'response'
        ? outcome.response.status
        : outcome.failure.error.facts.status;
    case 'app':
      return outcome.kind === 'response'
        ? outcome.response.appId
        : outcome.failure.error.facts.appId;
    case 'ms':
      return outcome.kind === 'response' ? outcome.response.durationMs : undefined;
    case 'code':
      return outcome.kind === 'failure' ? outcome.failure.error.code : undefined;
    case 'message':
      return outcome.kind === 'failure' ? outcome.failure.error.message : undefined;
  }
}
