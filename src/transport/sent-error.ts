/** Errors on their way to another thread, which would lose the code that says what went wrong. */

/** What is sent of an error. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly syscall: string | undefined;
  readonly cause: SentError | undefined;
}

/** Causes of causes that are sent. */
const MAX_CAUSES = 4;

/** Takes apart what was thrown. */
export function takeErrorApart(error: unknown, causes: number = MAX_CAUSES): SentError {
  if (!(error instanceof Error)) {
    return {
      name: 'Error',
      message: String(error),
      code: undefined,
      syscall: undefined,
      cause: undefined,
    };
  }
  const { name, message, code, syscall, cause } = error as NodeJS.ErrnoException;
  const hasCause = cause instanceof Error && causes > 0;
  return {
    name,
    message,
    code,
    syscall,
    cause: hasCause ? takeErrorApart(cause, causes - 1) : undefined,
  };
}

/** Puts an error together again. Its stack is that of this thread. */
export function putErrorTogether(sent: SentError): Error {
  const { name, message, code, syscall } = sent;
  const cause = sent.cause === undefined ? undefined : putErrorTogether(sent.cause);
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = name;
  return Object.assign(
    error,
    code === undefined ? {} : { code },
    syscall === undefined ? {} : { syscall },
  );
}
