/** Errors as plain records, so that they can be written down and read back. */
import { inspect } from 'node:util';
import { HydraError, hydraErrorCodes } from '../errors.js';
import type { HydraErrorCode, HydraErrorFacts } from '../errors.js';

/** An error on paper. */
export interface ErrorRecord {
  readonly code?: string | undefined;
  readonly message: string;
  readonly cause?: ErrorRecord | undefined;
}

/** An error may be the cause of another, and that of a third: no deeper than this. */
const LONGEST_CHAIN = 5;

/** The record of an error and its causes. */
export function encodeError(error: unknown, depth: number = LONGEST_CHAIN): ErrorRecord {
  if (!(error instanceof Error)) return { message: inspect(error) };
  const { code, message, cause } = error as NodeJS.ErrnoException;
  const hasCause = cause !== undefined && depth > 1;
  return { code, message, cause: hasCause ? encodeError(cause, depth - 1) : undefined };
}

/**
 * The error of a failure's record.
 *
 * @throws when it is no record of an error of the library.
 */
export function decodeError(record: ErrorRecord, facts: HydraErrorFacts): HydraError {
  const error = toError(record, facts);
  if (!(error instanceof HydraError)) throw new Error('its error has no known code');
  return error;
}

function toError({ code, message, cause }: ErrorRecord, facts: HydraErrorFacts): Error {
  const because = cause === undefined ? {} : { cause: toError(cause, {}) };
  if (code !== undefined && Object.hasOwn(hydraErrorCodes, code)) {
    return new HydraError(code as HydraErrorCode, message, { ...facts, ...because });
  }
  return Object.assign(new Error(message, because), code === undefined ? {} : { code });
}
