/** Checks the options of a run. */
import * as path from 'node:path';
import { z } from 'zod';
import { checkOptions } from '../check-options.js';
import { checkCompression } from '../store/compress-segment.js';
import type { RunOptions } from './run.js';

const schema = z.strictObject({
  directory: z.string().min(1).meta({ expected: 'a path' }),
  retryFailures: z.boolean().optional().meta({ expected: 'true or false' }),
  total: z.int().min(0).optional().meta({ expected: 'a whole number, 0 or more' }),
  signal: z.instanceof(AbortSignal).optional().meta({ expected: 'an AbortSignal' }),
  compress: z
    .union([z.enum(['gzip', 'zstd']), z.literal(false)])
    .optional()
    .meta({ expected: "'gzip', 'zstd' or false" }),
  origin: z.record(z.string(), z.string()).optional().meta({ expected: 'an object of strings' }),
});

/**
 * Checks options, and makes the directory's path absolute.
 *
 * @throws HydraError `HYDRA_INVALID_OPTION`.
 */
export function checkRunOptions(given: RunOptions): RunOptions {
  const options = checkOptions(schema, given) as RunOptions;
  const { compress } = options;
  checkCompression(compress === false ? undefined : compress, 'compress');
  return { ...options, directory: path.resolve(options.directory) };
}
