/** Between transport and verdict: what an attempt's result means, and the error when it was the last. */
import type { Api } from '../api.js';
import type { ApiRules } from './api-rules.js';
import type { Clock } from '../clock.js';
import { HydraError, type HydraErrorCode, type HydraErrorFacts } from '../errors.js';
import type { Job } from './job.js';
import { judgeBody } from './promised-body.js';
import { retryAfterMs } from '../retry/retry-after.js';
import type { AttemptFacts, Verdict } from '../retry/verdict.js';
import type { TransportResult } from '../transport/transport.js';

/** What the verdict asks of a result, and what was learned on the way. */
export type ResultFacts = AttemptFacts & {
  /** Whether a successful answer's body is JSON, where that was looked at. */
  readonly isJson?: boolean | undefined;
};

/** The facts of a result. */
export function attemptFacts(
  api: Api,
  job: Job,
  result: Exclude<TransportResult, { kind: 'aborted' }>,
  clock: Clock,
  rules: ApiRules,
): ResultFacts {
  if (result.kind !== 'response') return { kind: result.kind };
  const { status, headers } = result;
  const retryAfter = headers['retry-after'];
  // A body that is still to come promises nothing.
  const isRefusal = rules.isRefusal(result);
  const body = job.receiver === undefined ? judgeBody(api, job.currentMethod, result) : 'other';
  return {
    kind: 'response',
    status,
    isRefusal,
    retryAfterMs:
      (retryAfter === undefined ? undefined : retryAfterMs(retryAfter, clock.wallNow())) ??
      (isRefusal ? rules.toldResetMs(headers) : undefined),
    bodyAsPromised: body !== 'wrong',
    isJson: body === 'json' ? true : undefined,
    hasLocation: headers['location'] !== undefined,
  };
}

/** The error of a request that is not sent again. */
export function giveUpError(
  job: Job,
  appId: string,
  result: TransportResult,
  verdict: Extract<Verdict, { kind: 'give-up' }>,
  timeoutMs: number,
): HydraError {
  const { code, what } = describe(job, result, timeoutMs);
  const facts = errorFacts(job, appId, result);
  return new HydraError(code, `${what}, ${why(verdict, job.attempts)}.`, facts);
}

/** The error of a request that would be sent again, if its body were not gone. */
export function unrepeatableError(
  job: Job,
  appId: string,
  result: TransportResult,
  timeoutMs: number,
): HydraError {
  const { what } = describe(job, result, timeoutMs);
  const message = `${what}, and it cannot be sent again: its body is a stream, of which a part was sent. Give the body as text or bytes, or ask anew with a new stream.`;
  return new HydraError('HYDRA_BODY_NOT_REPEATABLE', message, errorFacts(job, appId, result));
}

function errorFacts(job: Job, appId: string, result: TransportResult): HydraErrorFacts {
  return {
    url: job.url,
    appId,
    attempts: job.attempts,
    ...(result.kind === 'response' ? { status: result.status } : {}),
    ...('error' in result ? { cause: result.error } : {}),
  };
}

function why(verdict: Extract<Verdict, { kind: 'give-up' }>, attempts: number): string {
  switch (verdict.reason) {
    case 'final':
      return 'which sending it again would not change';
    case 'retries-used-up':
      return `after ${attempts} attempts`;
    case 'not-idempotent':
      return 'and it is not sent again because the server may have acted on it (option `idempotent`)';
  }
}

function describe(
  job: Job,
  result: TransportResult,
  timeoutMs: number,
): { code: HydraErrorCode; what: string } {
  switch (result.kind) {
    case 'response':
      if (result.status < 300) {
        const type = String(result.headers['content-type'] ?? 'no content type');
        const what = `Answered with status ${result.status} and a body that is not what the API promises (${result.body.byteLength} bytes of ${type})`;
        return { code: 'HYDRA_UNEXPECTED_BODY', what };
      }
      return { code: 'HYDRA_HTTP_STATUS', what: `Answered with status ${result.status}` };
    case 'timeout':
      return {
        code: 'HYDRA_TIMEOUT',
        what: `No complete answer within ${job.options.timeoutMs ?? timeoutMs} ms`,
      };
    case 'unreachable':
      return {
        code: 'HYDRA_NETWORK',
        what: `The server could not be reached (${reason(result.error)})`,
      };
    case 'broken':
      return { code: 'HYDRA_NETWORK', what: `The connection broke off (${reason(result.error)})` };
    case 'aborted':
      return { code: 'HYDRA_ABORTED', what: 'The attempt was aborted' };
  }
}

function reason(error: Error): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : `${code}: ${error.message}`;
}
