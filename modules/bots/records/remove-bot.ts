import { eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { botUsers } from '../../../db/schema/bots/bot-users.ts';
import { bots } from '../../../db/schema/bots/bots.ts';
import { images } from '../../../db/schema/pictures/images.ts';
import { forgetPayers } from '../../commerce/wallets/index.ts';
import { forgetMessages } from '../../messages/telegram/index.ts';
import { unlinkBot } from '../../people/linked/index.ts';
import { eraseImagesOfWallet } from '../../pictures/erase.ts';

/** Removes a bot with its people, what they made and what was said to them. Payments stay, and lead to no one. */
export async function removeBot(tx: Transaction, { id, organizationId }: { id: string; organizationId: string }) {
  const wallets = tx.select({ id: botUsers.walletId }).from(botUsers).where(eq(botUsers.botId, id));
  const drawn = await tx
    .selectDistinct({ walletId: images.walletId })
    .from(images)
    .where(inArray(images.walletId, wallets));
  for (const { walletId } of drawn) if (walletId) await eraseImagesOfWallet(tx, { organizationId, walletId });
  await unlinkBot(tx, id);
  await forgetPayers(tx, { botId: id });
  await forgetMessages(tx, id);
  await tx.delete(bots).where(eq(bots.id, id));
}
