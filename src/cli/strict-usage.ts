import type { Command } from 'commander';

/**
 * Has `command` and all commands in it throw when they are used wrongly, after a word on what was
 * expected, instead of ending the process with a code that also means other errors.
 */
export function strictUsage(command: Command): Command {
  command
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ outputError: (text, write) => write(withoutValue(text)) });
  for (const child of command.commands) strictUsage(child);
  return command;
}

/** An unknown option is quoted without its value: somebody may have tried `--password=...`. */
function withoutValue(text: string): string {
  return text.replace(/(unknown option '[^'=]+)=[^]*'/, "$1'");
}
