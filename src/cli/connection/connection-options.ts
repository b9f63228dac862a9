/** The options of every command that talks to the API. There is none for a password, on purpose. */
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { LogLevel } from '../../index.js';
import { logLevels } from '../../logger.js';
import { wholeNumber } from '../whole-number.js';
import type { ConfigFlags } from './configured-api.js';
import { isAddress } from './is-address.js';

/** Where apps are kept unless a flag or a configuration says otherwise. */
export const DEFAULT_APPS_FILE = './apps.json';

/** What {@link connectionOptions} make of the command line. */
export interface ConnectionFlags extends ConfigFlags {
  readonly appsFile?: string;
  readonly requestsPerSecond?: number;
  readonly minRequestDelay?: number;
  readonly maxRetries?: number;
  readonly timeout?: number;
  readonly threads?: number;
  readonly http2?: true;
  readonly logLevel?: LogLevel;
  readonly apiBase?: string;
  readonly profileBase?: string;
}

const CREDENTIALS_HELP = `
Which API:
  That of the configuration, --config or apihydra.config.* in the working folder (see apihydra init);
  without one, the 42 Intra.

Signing in (42 Intra):
  The 42 account is read from INTRA_LOGIN, INTRA_PASSWORD and INTRA_OTP (the secret of the second
  factor, or a code), in the environment or else in the file .env, where a value with # or blanks
  stands in quotes. What is missing is asked for on a terminal, and only when it has to sign in.`;

/** Adds the common options to `command`. */
export function connectionOptions(command: Command): Command {
  return configOptions(command)
    .option(
      '--apps-file <file>',
      "apps, tokens and used-up limits between runs (default: the configuration's, else ./apps.json)",
    )
    .option(
      '--requests-per-second <n>',
      "for each app, need not be whole (default: the API's)",
      numberWhere((value) => value > 0, 'a number above 0'),
    )
    .option(
      '--min-request-delay <ms>',
      'least time between any two requests over all apps (default: 10)',
      numberWhere((value) => value >= 0, 'a number of milliseconds, 0 or more'),
    )
    .option(
      '--max-retries <n>',
      'attempts after the first (default: 50)',
      wholeNumber(0, Number.MAX_SAFE_INTEGER),
    )
    .option(
      '--timeout <ms>',
      'for one attempt (default: 60000)',
      numberWhere((value) => value > 0, 'a number of milliseconds above 0'),
    )
    .option(
      '--threads <n>',
      'threads for HTTP; 0: none besides the main one (default: 0)',
      wholeNumber(0, 256),
    )
    .option('--http2', 'HTTP/2 with a server that offers it')
    .addOption(
      new Option('--log-level <level>', 'what is said on stderr (default: info)').choices(
        logLevels,
      ),
    )
    .option('--api-base <url>', 'where the API is (also: the variable INTRA_API_BASE)', address)
    .option(
      '--profile-base <url>',
      'where the website is (also: the variable INTRA_PROFILE_BASE)',
      address,
    )
    .addHelpText('after', CREDENTIALS_HELP);
}

/** Adds the options that say which API is meant. */
export function configOptions(command: Command): Command {
  return command
    .option(
      '--config <file>',
      'the configuration (default: apihydra.config.* in the working folder)',
    )
    .option(
      '--api <name>',
      'one of the APIs in the configuration (default: its default, or only one)',
    );
}

function numberWhere(isFit: (value: number) => boolean, expected: string) {
  return (text: string): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value) && isFit(value)) return value;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}

function address(text: string): string {
  if (isAddress(text)) return text;
  throw new InvalidArgumentError('Expected an absolute http or https URL.');
}
