// Settings from the command line, such as `--kills 200` or `--quick`.
import { parseArgs } from 'node:util';

/** The numbers asked for, with `defaults` for those left out. Ends the process on anything else. */
export function numbersFromArguments(defaults) {
  return settingsFromArguments(() => defaults);
}

/**
 * The settings asked for, with defaults for those left out. A default that is a number takes whole
 * numbers; one that is a list of words takes one of them, and the first is the default.
 * Ends the process on anything else.
 *
 * @param defaultsFor - called with true when `--quick` is among the arguments. Without a parameter of
 * its own, there is no `--quick`.
 */
export function settingsFromArguments(defaultsFor) {
  const hasQuick = defaultsFor.length > 0;
  const settings = defaultsFor(false);
  const options = Object.fromEntries(Object.keys(settings).map((name) => [name, TEXT]));
  try {
    const { values } = parseArgs({ options: hasQuick ? { ...options, quick: FLAG } : options });
    const { quick = false, ...texts } = values;
    const defaults = defaultsFor(quick);
    const given = Object.entries(defaults).map(([name, fallback]) => [
      name,
      setting(name, texts[name], fallback),
    ]);
    return { ...Object.fromEntries(given), ...(hasQuick ? { quick } : {}) };
  } catch (error) {
    console.error(error.message);
    return process.exit(2);
  }
}

const TEXT = { type: 'string' };
const FLAG = { type: 'boolean' };

function setting(name, text, fallback) {
  if (Array.isArray(fallback)) return oneOf(name, text ?? fallback[0], fallback);
  return text === undefined ? fallback : wholeNumber(name, text);
}

function oneOf(name, text, choices) {
  if (choices.includes(text)) return text;
  throw new Error(`Expected --${name} to be one of ${choices.join(', ')}, got ${text}`);
}

function wholeNumber(name, text) {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new Error(`Expected --${name} to be a whole number, got ${text}`);
}
