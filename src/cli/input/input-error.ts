import { HydraError } from '../../errors.js';

/**
 * Something is wrong with a file of requests or values.
 *
 * @param file - as the user gave it, or `stdin`.
 * @param line - from 1; `undefined` when it is not about one line.
 * @param what - a sentence, in the end.
 */
export function inputError(
  file: string,
  line: number | undefined,
  what: string,
  cause?: unknown,
): HydraError {
  const place = line === undefined ? file : `${file}, line ${line}`;
  return new HydraError('HYDRA_INPUT_FILE', `${place}: ${what}`, {
    file,
    ...(line === undefined ? {} : { line }),
    ...(cause === undefined ? {} : { cause }),
  });
}
