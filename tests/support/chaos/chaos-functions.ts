import type { CheckoutCopy } from '../checkout-copy.ts';

/** A function that a test writes: its manifest, and the body of `createApp`, which has a `router`. */
interface WrittenFunction {
  name: string;
  /** Entries of the manifest next to `mount`, as source. */
  manifest?: string;
  /** Source before `createApp`. */
  start?: string;
  routes: string;
}

/** Writes the folder of a function that answers at `/api/<name>`. */
export async function writeFunction(
  { write }: CheckoutCopy,
  { name, manifest = '', start = '', routes }: WrittenFunction,
): Promise<void> {
  await write(
    `functions/${name}/function.ts`,
    `import { defineFunction } from '../../platform/kernel/manifest.ts';
export default defineFunction({ mount: ['/api/${name}'], rateLimit: 'none', ${manifest} });
`,
  );
  await write(
    `functions/${name}/app.ts`,
    `import { createRouter } from '../../platform/runtime/http/router.ts';
${start}
export const provide = {};
export function createApp() {
  const router = createRouter();
  ${routes}
  return router;
}
`,
  );
}
