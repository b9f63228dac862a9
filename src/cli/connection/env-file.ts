/** Reads a file `.env`. Its values stay here: they do not go to `process.env`, which children inherit. */
import * as fs from 'node:fs';
import { parseEnv } from 'node:util';

/** What a file `.env` says. */
export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  /** What its owner should know, without values. */
  readonly warnings: readonly string[];
}

const NONE: EnvFile = { values: {}, warnings: [] };

/** What others may do with a file: group and everybody. */
const OTHERS = 0o077;

/**
 * Reads `file`; where there is none, it says nothing. A folder of that name is none of ours.
 *
 * @param secrets - names whose values nobody else should be able to read.
 */
export function readEnvFile(file: string, secrets: readonly string[]): EnvFile {
  let text: string;
  let mode: number;
  try {
    text = fs.readFileSync(file, 'utf8');
    mode = fs.statSync(file).mode;
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR') return NONE;
    return { values: {}, warnings: [`The file ${file} cannot be read (${code}).`] };
  }
  const values = parseEnvText(text);
  const held = secrets.filter((name) => values[name] !== undefined);
  const warnings = held.filter((name) => isCutAtHash(text, name)).map((name) => cut(file, name));
  // Windows has no such modes.
  if (held.length > 0 && (mode & OTHERS) !== 0 && process.platform !== 'win32') {
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    warnings.push(
      `The file ${file} holds ${held.join(' and ')} and is open to others (mode ${octal}). Expected 0600: chmod 600 ${file}`,
    );
  }
  return { values, warnings };
}

/** The values by name, as Node reads them, whichever Node it is, and whichever editor wrote them. */
export function parseEnvText(text: string): Record<string, string> {
  const parsed = Object.entries(parseEnv(text.replace(/^\uFEFF/, '')));
  // Node 20 takes a line without "=" for a part of the next one's name.
  const names = parsed.map(([name, value]) => [
    name.slice(name.lastIndexOf('\n') + 1).replace(/^\s*export\s+/, ''),
    value ?? '',
  ]);
  return Object.fromEntries(names) as Record<string, string>;
}

/** A comment may begin anywhere in a value without quotes: many a password has lost its end so. */
function isCutAtHash(text: string, name: string): boolean {
  return new RegExp(`^[ \\t]*(export[ \\t]+)?${name}[ \\t]*=[ \\t]*[^'"\`\\s#].*\\S#`, 'm').test(
    text,
  );
}

function cut(file: string, name: string): string {
  return `In the file ${file}, the value of ${name} ends before its first #. If that is a part of it, put the value in quotes.`;
}
