// Numbers from the command line, such as `--kills 200`.
import { parseArgs } from 'node:util';

/** The numbers asked for, with `defaults` for those left out. Ends the process on anything else. */
export function numbersFromArguments(defaults) {
  const options = Object.fromEntries(Object.keys(defaults).map((name) => [name, TEXT]));
  try {
    const { values } = parseArgs({ options });
    const given = Object.entries(values).map(([name, text]) => [name, wholeNumber(name, text)]);
    return { ...defaults, ...Object.fromEntries(given) };
  } catch (error) {
    console.error(error.message);
    return process.exit(2);
  }
}

const TEXT = { type: 'string' };

function wholeNumber(name, text) {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Error(`Expected --${name} to be a whole number, got ${text}`);
}
