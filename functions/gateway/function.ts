import { defineFunction } from '../../platform/kernel/manifest.ts';

const MB = 1024 * 1024;

export default defineFunction({
  mount: ['/v1'],
  database: 'tenant',
  connections: 4,
  // Places, keys and breakers of models are shared through Redis.
  instances: { min: 1, max: 4 },
  redis: 'gateway',
  // Counted by key and person here, with limits of their own: a program sends hundreds of requests a second from one address. Only
  // credentials that are refused are counted by address.
  rateLimit: 'none',
  // Streams are cheap; how many calls may be in progress is the gateway's own setting.
  concurrency: 2_000,
  memory: 256,
  // Calls wait for their upstreams: hundreds of them hold what they came with.
  youngMemory: 16,
  // Sound and pictures. Other bodies are limited by the gateway's configuration.
  body: 64 * MB,
  // Models that think answer after minutes, and a stream continues in a process that was replaced.
  timeout: 900,
  drain: 900,
});
