import { expect, it } from 'vitest';
import { findBinaries } from '../../services/binaries.ts';
import { startRedis } from '../../services/redis.ts';
import { temporaryHome } from '../../services/temporary-home.ts';
import type { Facts } from './facts.ts';
import { checkRedis } from './services.ts';

it('asks the embedded Redis as its operator', async () => {
  const { home, remove } = await temporaryHome();
  const redis = await startRedis({ home, binaries: await findBinaries(['redis']) });
  const facts = { home, running: {}, settings: {} } as Facts;
  try {
    expect(await checkRedis(facts)).toMatchObject({ state: 'ok' });
    await redis.stop();
    expect(await checkRedis(facts)).toMatchObject({ state: 'fail' });
  } finally {
    await redis.stop();
    await remove();
  }
});
