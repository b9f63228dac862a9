import { defineConfig } from 'vitest/config';

const reportFile = process.env['VITEST_REPORT'];

export default defineConfig({
  test: {
    // Rates are measured against real servers: more workers than cores would only make jitter, and
    // what measures them runs when all else is done.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'behaviour',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'bench/*/*.test.mjs'],
          exclude: ['test/**/rates.test.ts'],
          // Tests leave nothing behind; importing everything anew for each file took half of the time.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 30_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'rates',
          include: ['test/**/rates.test.ts'],
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
