/** How many apps were checked so far, on a terminal; elsewhere nothing is shown. */
import cliProgress from 'cli-progress';

/** Shown until it is stopped. */
export interface CheckBar {
  /** Another app was checked. */
  step(): void;
  /** Takes it away. */
  stop(): void;
}

/** Shows the bar for the apps of one API. */
export function showCheckBar(
  stream: NodeJS.WriteStream,
  { api, apps }: { readonly api: string; readonly apps: number },
): CheckBar {
  const bar = new cliProgress.SingleBar({
    stream,
    format: `${api}: {value} of {total} apps checked`,
    clearOnComplete: true,
    hideCursor: true,
    // Signals are for those who save something.
    gracefulExit: false,
  });
  const stop = (): void => {
    process.off('exit', stop);
    bar.stop();
  };
  // Whatever ends the process, the cursor is shown again.
  process.once('exit', stop);
  bar.start(apps, 0);
  return { step: () => bar.increment(), stop };
}
