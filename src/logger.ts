/** What the library says while it works goes through a {@link Logger}: readable lines on stderr by default. */
import { isatty } from 'node:tty';
import { systemClock, type Clock } from './clock.js';
import { writeStderr } from './write-stderr.js';

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

/** As lines name and colour the levels: the numbers are those of SGR, the terminal's way to say a colour. */
const labels = {
  debug: ['DEBUG', 34],
  info: ['INFO', 32],
  warning: ['WARN', 33],
  error: ['ERROR', 31],
  fatal: ['FATAL', 41],
} as const satisfies Record<LogLevel, readonly [label: string, colour: number]>;
const MESSAGE_COLOUR = 36;

/** A logger that writes readable lines to stderr, coloured on a terminal. */
export function stderrLogger(level: LogLevel, clock: Clock = systemClock): Logger {
  const isColoured = isatty(2) && !process.env['NO_COLOR'];
  return lineLogger(level, (own, message) =>
    writeStderr(`${logLine(own, message, clock.wallNow(), isColoured)}\n`),
  );
}

/** A logger that hands over what is of this level or above. */
export function lineLogger(
  level: LogLevel,
  write: (level: LogLevel, message: string) => void,
): Logger {
  const loud = new Set(logLevels.slice(logLevels.indexOf(level)));
  const writerOf = (own: LogLevel) => (message: string) => {
    if (loud.has(own)) write(own, message);
  };
  return {
    debug: writerOf('debug'),
    info: writerOf('info'),
    warn: writerOf('warning'),
    error: writerOf('error'),
    fatal: writerOf('fatal'),
  };
}

/** A line of the log: the local time, the level, the message. */
export function logLine(
  level: LogLevel,
  message: string,
  atMs: number,
  isColoured: boolean,
): string {
  const paint = (text: string, colour: number): string =>
    isColoured ? `\u001b[${colour}m${text}\u001b[0m` : text;
  const [label, colour] = labels[level];
  return `[${localTime(new Date(atMs))}] ${paint(label, colour)}: ${paint(message, MESSAGE_COLOUR)}`;
}

function localTime(date: Date): string {
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
  return `${time}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}
