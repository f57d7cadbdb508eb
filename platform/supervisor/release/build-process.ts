import { buildRelease } from './build.ts';
import type { BuildAnswer, BuildOrder } from './builder.ts';
import { createBundler } from './bundle.ts';

/** Builds what it is told, one after the other; ends with its parent, or when that has nothing more to build. */

const bundle = createBundler();
let last: Promise<void> = Promise.resolve();
process.on('message', (order: BuildOrder) => {
  last = last.then(() => carryOut(order));
});
process.on('disconnect', () => process.exit(0));

async function carryOut({ number, unit, options }: BuildOrder): Promise<void> {
  const answer: BuildAnswer = await buildRelease(unit, options, bundle).then(
    (built) => ({ number, built }),
    (error: Error) => ({ number, message: error.message }),
  );
  process.send?.(answer);
}
