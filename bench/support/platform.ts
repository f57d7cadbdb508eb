import type { Sql } from 'postgres';
import { connect } from '../../db/connect.ts';
import type { Home } from '../../platform/services/home.ts';
import { temporaryHome } from '../../platform/services/temporary-home.ts';
import { type CheckoutCopy, copyCheckout } from '../../tests/support/checkout-copy.ts';
import { ownerUrl } from '../../tests/support/owner-url.ts';
import { type PlatformOptions, startTestPlatform, type TestPlatform } from '../../tests/support/platform.ts';

export { checkout } from '../../tests/support/platform.ts';

export interface BenchPlatform extends TestPlatform {
  folders: Home;
  /** The database as its owner. */
  owner: Sql;
  /** What was started next to it is ended before it, last first, also after a failure. */
  onEnd(end: () => Promise<void>): void;
}

/** Starts a platform of its own in a new home, lets `work` measure it, and takes everything away again. */
export async function withPlatform<T>(
  work: (platform: BenchPlatform) => Promise<T>,
  options: Pick<PlatformOptions, 'root' | 'env'> = {},
): Promise<T> {
  const home = await temporaryHome();
  try {
    const platform = await startTestPlatform({ home, ...options });
    const owner = connect(await ownerUrl(home.home));
    const ends = [platform.stop, () => owner.end({ timeout: 5 })];
    try {
      return await work({ ...platform, folders: home.home, owner, onEnd: (end) => void ends.push(end) });
    } finally {
      for (const end of ends.toReversed()) await end();
    }
  } finally {
    await home.remove();
  }
}

/** A copy of the checkout with these functions and workers only, for benches that change what is deployed. */
export async function withCopy<T>(units: readonly string[], work: (copy: CheckoutCopy) => Promise<T>): Promise<T> {
  const copy = await copyCheckout({ units });
  try {
    return await work(copy);
  } finally {
    await copy.remove();
  }
}

/** Benches ask more than any plan allows. */
export async function liftPlans(owner: Sql): Promise<void> {
  await owner`update subscription_plans set questions_per_day = 1000000, questions_per_month = 1000000`;
}
