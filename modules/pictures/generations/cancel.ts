import type { Transaction } from '../../../db/client.ts';
import { announce } from '../../../platform/capabilities/feed/index.ts';
import { changeImage, endImage, type ImageRow } from './change-image.ts';
import { hintTopic } from './topics.ts';

/** See `Generations.cancel`. A change by a worker in between is looked at again, so that the newest state decides. */
export async function cancelImage(tx: Transaction, find: () => Promise<ImageRow>): Promise<ImageRow> {
  for (;;) {
    const row = await find();
    if (row.endedAt || row.cancelAskedAt) return row;
    if (row.status === 'queued') {
      const cancelled = await endImage(tx, row, { status: 'cancelled' });
      if (cancelled) return cancelled;
      continue;
    }
    const asked = await changeImage(tx, row, { cancelAskedAt: new Date() });
    if (!asked) continue;
    await announce(tx, hintTopic, row.id);
    return asked;
  }
}
