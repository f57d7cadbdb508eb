import { defineFunction } from '../../platform/kernel/manifest.ts';

const MB = 1024 * 1024;

export default defineFunction({
  mount: ['/api/documents', '/api/uploads'],
  database: 'tenant',
  connections: 3,
  // A resumable upload is locked on its host, and streams hear of changes through the database: any process continues either.
  instances: { min: 1, max: 4 },
  // The largest file of any plan, and room for the form around it.
  body: 101 * MB,
  // Long enough for a large file over a slow line.
  timeout: 600,
  // A comparison has up to 192 MiB of it.
  memory: 256,
  threads: { 'compare-thread': 'modules/legal/compare/compare-thread.ts' },
});
