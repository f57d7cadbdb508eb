import { defineFunction, defineWorker } from '../kernel/manifest.ts';
import type { Unit } from '../supervisor/unit.ts';

/** Ten functions and five workers, of which one reads documents: manifests that stay as they are, for worked examples. */
export const workedUnits: Unit[] = [
  ...[
    'ask',
    'auth',
    'billing',
    'conversations',
    'documents',
    'health',
    'images',
    'organization',
    'search',
    'usage',
  ].map(
    (name): Unit => ({
      kind: 'function',
      name,
      folder: name,
      manifest: defineFunction({ mount: [`/api/${name}`], database: 'tenant' }),
    }),
  ),
  ...[
    { name: 'ingest', memory: 256, concurrency: 3, instances: { min: 1, max: 3 }, children: { parse: 'parse.ts' } },
    { name: 'maintenance', memory: 128 },
    { name: 'notify', memory: 128 },
    { name: 'reindex', memory: 192, children: { cut: 'cut.ts' } },
    { name: 'subscriptions', memory: 128 },
  ].map(
    ({ name, ...manifest }): Unit => ({
      kind: 'worker',
      name,
      folder: name,
      manifest: defineWorker({ database: 'platform', ...manifest }),
    }),
  ),
];
