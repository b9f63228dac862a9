/** How the command line ends, for scripts. */
export const exitCodes = {
  done: 0,
  error: 1,
  wrongUsage: 2,
  someFailed: 3,
  shutdownFile: 42,
  hangup: 129,
  interrupted: 130,
  terminated: 143,
} as const;

const meanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: 'all done',
  error: 'an error; its message is on stderr',
  wrongUsage: 'wrong usage: the message says what was expected; nothing was done',
  someFailed: 'the run ended, but some requests failed for good; or an app failed its check',
  shutdownFile: 'stopped by a file SHUTDOWN_HYDRA in the working folder',
  hangup: 'stopped by SIGHUP',
  interrupted: 'stopped by SIGINT (Ctrl+C)',
  terminated: 'stopped by SIGTERM',
};

/** The exit codes, as help shows them. */
export const exitCodesHelp: string = [
  '\nExit codes:',
  ...Object.entries(exitCodes).map(
    ([name, code]) => `  ${String(code).padEnd(4)} ${meanings[name as keyof typeof exitCodes]}`,
  ),
].join('\n');
