import { defineFunction } from '../../platform/kernel/manifest.ts';

/** A function that is nothing but its middleware: rate limit, token, checks, problem documents, logs and metrics. */
export default defineFunction({
  mount: ['/api/echo'],
});
