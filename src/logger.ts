/** What the library says while it works goes through a {@link Logger}: pino by default, to stderr. */
import { pino } from 'pino';
import pretty from 'pino-pretty';

/** A level of the log; messages below it are left out. */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error' | 'fatal';

/** The levels, from the most to the least talkative. */
export const logLevels: readonly LogLevel[] = ['debug', 'info', 'warning', 'error', 'fatal'];

/** Any logger with these methods: `pino()`, `console` with a `fatal`, a test's own. */
export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  fatal(message: string): void;
}

/** A logger that writes readable lines to stderr, coloured on a terminal. */
export function stderrLogger(level: LogLevel): Logger {
  const stream = pretty({
    destination: 2,
    sync: true,
    colorize: process.stderr.isTTY && !process.env['NO_COLOR'],
    ignore: 'pid,hostname',
    translateTime: 'SYS:HH:MM:ss.l',
  });
  return pino({ level: level === 'warning' ? 'warn' : level }, stream);
}
