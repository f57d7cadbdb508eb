import { defineFunction } from '../../platform/kernel/manifest.ts';

export default defineFunction({
  mount: ['/api/ask'],
  database: 'tenant',
  connections: 3,
  // Answers in progress are resumed by their events in Redis and stopped through the database, from any process.
  instances: { min: 1, max: 4 },
  redis: 'answers',
  timeout: 120,
});
