import { onTestFinished } from 'vitest';
import { findBinaries } from '../services/binaries.ts';
import { startRedis } from '../services/redis.ts';
import { temporaryHome } from '../services/temporary-home.ts';

/** A Redis of the running test alone, which may empty, pause, stop or kill it, and start it again. */
export async function ownRedis() {
  const { home, remove } = await temporaryHome();
  onTestFinished(remove);
  const binaries = await findBinaries(['redis']);
  const start = async () => {
    const service = await startRedis({ home, binaries });
    onTestFinished(() => service.stop());
    return service;
  };
  return { service: await start(), startAgain: start };
}
