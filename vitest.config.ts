import { defineConfig } from 'vitest/config';

const reportFile = process.env['VITEST_REPORT'];

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Rates are measured against real servers: more workers than cores would only make jitter.
    maxWorkers: 2,
    // For .ci/run, which adds up what passed and failed.
    ...(reportFile === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: reportFile } }),
  },
});
