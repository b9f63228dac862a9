/** The library speaks of its options; who types commands knows flags and variables. */
const words = new Map(
  Object.entries({
    appsFile: '--apps-file',
    requestsPerSecond: '--requests-per-second',
    minRequestDelayMs: '--min-request-delay',
    maxRetries: '--max-retries',
    timeoutMs: '--timeout',
    threads: '--threads',
    http2: '--http2',
    logLevel: '--log-level',
    apiBase: '--api-base',
    profileBase: '--profile-base',
    intraLogin: 'INTRA_LOGIN',
    intraPassword: 'INTRA_PASSWORD',
    intraOtp: 'INTRA_OTP',
    'await hydra.setNumberOfApps(n)': '`apihydra apps set N`',
  }),
);

/** A message of the library, in the words of the command line. */
export function inUserWords(message: string): string {
  return message.replace(
    /(?:the option )?`([^`]+)`/g,
    (all, name: string) => words.get(name) ?? all,
  );
}
