/** `apihydra status`: how far a run is. */
import { Command } from 'commander';
import { readRunStatus, type RunStatus } from '../../run/run-status.js';
import { count, counted, duration, timeFormat } from '../report/format.js';

/** The command. */
export function statusCommand(): Command {
  return new Command('status')
    .description('Says how far a run is, also while it goes on.')
    .argument('<directory>', "the run's directory")
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  $ apihydra status ./users')
    .action(run);
}

async function run(directory: string, flags: { readonly json?: boolean }): Promise<void> {
  const status = await readRunStatus(directory);
  process.stdout.write(
    flags.json === true ? `${JSON.stringify(asJson(status))}\n` : describe(status),
  );
}

function asJson({ info, done, failed, process: by }: RunStatus): unknown {
  const { api, createdAtMs, updatedAtMs, source, sessions, segments } = info;
  const { read, isWhole, end = read } = source;
  return {
    api,
    state: stateOf(info, by),
    done,
    failed,
    read: end,
    isWhole,
    sessions: sessions.length,
    segments: segments.length,
    createdAtMs,
    updatedAtMs,
    process: by ?? null,
  };
}

/** A run that says it is running was broken off where no process works in it. */
function stateOf(info: RunStatus['info'], by: RunStatus['process']): string {
  return info.state === 'running' && by === undefined ? 'broken off' : info.state;
}

function describe(status: RunStatus): string {
  const { info, done, failed, process: by } = status;
  const { api, source, sessions, createdAtMs, updatedAtMs } = info;
  const time = timeFormat(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const activeMs = sessions.reduce((sum, one) => sum + one.endedAtMs - one.startedAtMs, 0);
  const worker = by === undefined ? '' : `, process ${by.pid} on ${by.host} works on it`;
  const read = source.isWhole
    ? `of ${counted(source.end ?? source.read, 'request')}`
    : `${counted(source.read, 'request')} read so far`;
  const lines = [
    `run       ${api.baseUrl}`,
    `state     ${stateOf(info, by)}${worker}`,
    `done      ${count(done)} (${read})`,
    `failed    ${count(failed)}`,
    `sessions  ${sessions.length}, ${duration(activeMs).replaceAll('\u00a0', ' ')} together`,
    `begun     ${time.dateTime(createdAtMs)}`,
    `noted     ${time.dateTime(updatedAtMs)}`,
  ];
  return `${lines.join('\n')}\n`;
}
