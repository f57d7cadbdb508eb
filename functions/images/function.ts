import { defineFunction } from '../../platform/kernel/manifest.ts';

const MB = 1024 * 1024;
const HOUR_SECONDS = 3_600;

export default defineFunction({
  mount: ['/api/images'],
  database: 'tenant',
  // One process: it counts the sockets of each person, and ten thousand of them that say nothing take little of it.
  instances: { min: 1, max: 1 },
  // Counted by person and key here, for whom 20 requests a second are allowed. Only credentials that are refused are counted by address.
  rateLimit: 'none',
  // Streams and WebSockets of people who wait for pictures cost little, and most of the time say nothing.
  concurrency: 10_000,
  memory: 256,
  // Some providers send pictures with their callbacks. What clients send is limited to far less.
  body: 21 * MB,
  message: 16_384,
  // As long as a WebSocket lasts, in a process that was replaced too.
  timeout: HOUR_SECONDS,
  drain: HOUR_SECONDS,
});
