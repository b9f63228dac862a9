import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Rates are measured against real servers: more workers than cores would only make jitter.
    maxWorkers: 2,
  },
});
