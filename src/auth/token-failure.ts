/** Why there is no token: what may pass, and what trying again cannot help. */
import type { App, Token } from '../app.js';
import { HydraError } from '../errors.js';

/** What may pass: network and server fail. */
const PASSING_CODES = new Set<string>(['HYDRA_NETWORK', 'HYDRA_TIMEOUT']);

/** True where the credentials themselves were rejected. */
export function isRejection(error: unknown): boolean {
  return error instanceof HydraError && error.code === 'HYDRA_CREDENTIALS_REJECTED';
}

/** True when trying again is of no use. */
export function isPermanent(error: unknown): error is HydraError {
  return error instanceof HydraError && !PASSING_CODES.has(error.code);
}

/** What a way to get tokens has thrown, as an error of ours. */
export function asHydraError(error: unknown, appId: string): HydraError {
  if (error instanceof HydraError) return error;
  const message = `App ${appId}: no token could be had (${messageOf(error)}).`;
  return new HydraError('HYDRA_NETWORK', message, { appId, cause: error });
}

/** The error for a token that nothing can be signed with, since its time is over when it comes. */
export function expiredAlready({ id }: App, { expiresAtMs }: Token, wallNowMs: number): HydraError {
  const agoSeconds = Math.round((wallNowMs - (expiresAtMs ?? wallNowMs)) / 1000);
  const when = agoSeconds === 0 ? 'it lives for no time' : `${agoSeconds} s ago`;
  return new HydraError(
    'HYDRA_NETWORK',
    `Expected a token for app ${id} that can be used, got one that has expired already (${when}): the clock of this machine may be wrong.`,
    { appId: id },
  );
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
