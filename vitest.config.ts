import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{platform,functions,workers,db,scripts,eval}/**/*.test.ts'],
          globalSetup: './platform/testing/global-setup.ts',
          // Most wait for a database, a process or a clock.
          maxWorkers: 3,
          // What they import is loaded once by each worker: nothing of it holds state or does anything by itself.
          isolate: false,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'system',
          include: ['tests/**/*.test.ts'],
          globalSetup: './tests/support/shared-platform.ts',
          // Each starts whole platforms: one after the other, when the unit tests are done.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
