import type { Command } from 'commander';

/** The flags that say where requests come from, beside a file. */
export interface InputFlags {
  readonly template?: string;
  readonly values?: string;
}

/** What a command's help says of its input, after the options. */
export const INPUT_HELP = `
The file holds one request a line: a path that begins with /, or JSON such as
  {"path": "/users/anna", "method": "PATCH", "json": {"level": 3}, "key": "anna"}
with any of path, method, query, headers, json, body, key, priority, timeoutMs, idempotent.
Blank lines are skipped, and lines that begin with #. It is UTF-8, or UTF-16 with a byte order mark.
A template makes one request for each row of a CSV file, whose first line names the columns.`;

/** Adds the argument and the options of the input to a command; `openInput` takes what they give. */
export function inputOptions(command: Command): Command {
  return command
    .argument('[file]', 'requests, one a line; - is stdin')
    .option('--template <path>', 'a path with the names of columns: /users/{login}')
    .option('--values <file>', 'CSV with the values for the template; - is stdin');
}
