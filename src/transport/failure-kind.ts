/** The code of errors that say that a server has not looked at a request: it may be sent again. */
export const NOT_SEEN = 'HTTP2_NOT_SEEN';

/** Error codes that say that no connection was made: the server has not seen the request. */
const UNREACHABLE_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_PRX_TLS',
  NOT_SEEN,
]);

/** True for errors of making a connection, also for those that say so by the system call only. */
function isConnectError(error: NodeJS.ErrnoException | undefined): boolean {
  return UNREACHABLE_CODES.has(error?.code ?? '') || error?.syscall === 'connect';
}

/** What an error before the head of an answer says of the server. */
export function failureKind(error: Error): 'unreachable' | 'broken' {
  // With a proxy, what went wrong on the way to it stands behind undici's own error.
  return isConnectError(error) || isConnectError(error.cause as Error) ? 'unreachable' : 'broken';
}
