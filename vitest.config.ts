import { defineConfig } from 'vitest/config';

const reportFile = process.env['VITEST_REPORT'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'behaviour',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/*/*.test.mjs'],
          exclude: ['test/**/rates.test.ts'],
          // Tests leave nothing behind; importing everything anew for each file took half of the time.
          isolate: false,
          // One more than CI has cores, since most wait for processes that start, and for time to pass.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'rates',
          include: ['test/**/rates.test.ts'],
          // Measured against real servers, when all else is done: more workers would only make jitter.
          maxWorkers: 2,
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    // For .ci/run, which adds up what passed and failed.
    ...(reportFile === undefined
      ? {}
      : { reporters: ['default', 'json'], outputFile: { json: reportFile } }),
  },
});
