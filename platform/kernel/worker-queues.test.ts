import { expect, it } from 'vitest';
import { defineWorker } from './manifest.ts';
import { workerQueues } from './worker-queues.ts';

it('are one of the name of the worker, and others with what differs', () => {
  const manifest = defineWorker({
    ...{ database: 'tenant', attempts: 5, concurrency: 4, perOrganization: 2, schedule: '* * * * *' },
    queues: { retry: { attempts: 2 }, billing: { concurrency: 1, schedule: '0 * * * *' } },
  });
  const common = { backoff: 2, timeout: 600, perOrganization: 2 };
  expect(workerQueues('external', manifest)).toEqual([
    { ...common, name: 'external', attempts: 5, concurrency: 4, schedule: '* * * * *' },
    { ...common, name: 'retry', attempts: 2, concurrency: 4, schedule: undefined },
    { ...common, name: 'billing', attempts: 5, concurrency: 1, schedule: '0 * * * *' },
  ]);
});

it('of the manifest of an earlier release are one', () => {
  const { queues: _, ...earlier } = defineWorker({ database: 'tenant' });
  expect(workerQueues('ingest', earlier as never).map(({ name }) => name)).toEqual(['ingest']);
});
