/** Reads a configuration file of any format. Files of code are carried out, as programs are. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { HydraError } from '../errors.js';
import { configError } from './config-error.js';
import { CONFIG_ENDINGS } from './find-config.js';

/**
 * What a file says, as it stands there.
 *
 * @param shown - what errors call it.
 * @throws HydraError `HYDRA_CONFIG` when it cannot be read, or is not what its name says.
 */
export async function readConfigFile(file: string, shown: string): Promise<unknown> {
  const ending = path.extname(file);
  if (!(CONFIG_ENDINGS as readonly string[]).includes(ending)) {
    throw configError(shown, [], `expected a name that ends in ${CONFIG_ENDINGS.join(', ')}.`);
  }
  const text = textOf(file, shown);
  if (text.trim() === '')
    throw configError(shown, [], 'expected a configuration, got an empty file.');
  const isData = ending === '.json' || ending.startsWith('.y');
  try {
    // It would read JSON as JavaScript, and quote it in errors.
    if (ending === '.json') return JSON.parse(text) as unknown;
    return await load(file, isData);
  } catch (error) {
    throw unreadable(shown, isData, text, error);
  }
}

function textOf(file: string, shown: string): string {
  try {
    return fs.readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch (cause) {
    const { code = 'unknown error' } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${code})`;
    throw new HydraError('HYDRA_CONFIG', `${shown}: ${why}.`, { file: shown, cause });
  }
}

async function load(file: string, isData: boolean): Promise<unknown> {
  const { loadConfig } = await import('c12');
  const { config } = await loadConfig({
    cwd: path.dirname(file),
    configFile: path.basename(file),
    // The file alone says it: nothing from elsewhere, nothing that is fetched.
    rcFile: false,
    globalRc: false,
    packageJson: false,
    dotenv: false,
    envName: false,
    extend: false,
    giget: false,
    merger: (...sources) => sources.find((source) => source !== undefined && source !== null) ?? {},
    jitiOptions: { fsCache: false, ...(isData ? {} : { virtualModules: await ownModules() }) },
  });
  return config;
}

/** A file takes these from the very library that reads it, wherever that is installed. */
async function ownModules(): Promise<Record<string, unknown>> {
  const [library, intra42, apis, config] = await Promise.all([
    import('../index.js'),
    import('../intra42/index.js'),
    import('../apis/index.js'),
    import('./config.js'),
  ]);
  return {
    apihydra: library,
    'apihydra/42': intra42,
    'apihydra/apis': apis,
    'apihydra/config': config,
  };
}

/** No parser's message is passed on for data: they quote what they stumbled on, which may be a secret. */
function unreadable(file: string, isData: boolean, text: string, error: unknown): HydraError {
  const { message = '' } = error as Partial<Error>;
  if (message.includes("'$meta'")) {
    return configError(file, [], 'expected a configuration, got a file that says nothing.');
  }
  const line = lineOf(error, message, text);
  const place = line === undefined ? '' : `, line ${line}`;
  const format = isData ? path.extname(file).slice(1).toUpperCase().replace('YML', 'YAML') : 'code';
  const isSyntax = isData || error instanceof SyntaxError || message.startsWith('ParseError');
  const said = isData ? dataFault(error) : ` (${(message.split('\n', 1)[0] ?? '').trim()})`;
  return new HydraError(
    'HYDRA_CONFIG',
    isSyntax
      ? `${file}${place}: this is no ${format} that can be read${said}.`
      : `${file}: carrying it out failed${said}.`,
    { file, ...(line === undefined ? {} : { line }) },
  );
}

/** The kind of fault, where a parser names it by words of its own alone: without quotes, colons and the like. */
function dataFault(error: unknown): string {
  const { reason } = error as { reason?: unknown };
  return typeof reason === 'string' && /^[a-z ]+$/.test(reason) ? ` (${reason})` : '';
}

function lineOf(error: unknown, message: string, text: string): number | undefined {
  const { mark, loc } = error as { mark?: { line: number }; loc?: { line: number } };
  if (mark !== undefined) return mark.line + 1;
  if (loc !== undefined) return loc.line;
  const line = /[(:](\d+):\d+\)?(?:\s|$)|\bline (\d+)/.exec(message);
  if (line !== null) return Number(line[1] ?? line[2]);
  const position = /\bposition (\d+)/.exec(message)?.[1];
  if (position !== undefined) return text.slice(0, Number(position)).split('\n').length;
  return message.includes('end of JSON') ? text.trimEnd().split('\n').length : undefined;
}
