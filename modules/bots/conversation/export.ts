import { Readable } from 'node:stream';
import type { Transaction } from '../../../db/client.ts';
import { deletedFiles } from '../../../db/schema/platform/deleted-files.ts';
import { storageKeyOf } from '../../../platform/capabilities/storage/index.ts';
import { readWallet } from '../../commerce/wallets/index.ts';
import { plain } from '../../messages/telegram/index.ts';
import type { Talk } from '../updates/contract.ts';
import { words } from './words.ts';

const MB = 1024 * 1024;

/** Sends everything that is kept of a person as a JSON file. The file is marked as deleted from the start, so that it does not stay. */
export async function exportData(talk: Talk): Promise<void> {
  const { bot, user, storage } = talk;
  const content = Buffer.from(JSON.stringify(await talk.transaction((tx) => collect(tx, talk)), null, 2));
  const storageKey = storageKeyOf(`export ${talk.requestId}`);
  const { bytes } = await storage.write(storageKey, Readable.from([content]), { maxBytes: 20 * MB });
  await talk.conclude(async (tx) => {
    await tx.insert(deletedFiles).values({ storageKey, organizationId: bot.organizationId }).onConflictDoNothing();
    const file = { storageKey, fileName: `${bot.username}.json`, type: 'application/json', bytes };
    await talk.say(tx, 'answer', { kind: 'document', file, caption: plain(words[user.language].exported) });
  });
}

async function collect(tx: Transaction, { row, user, allSkills }: Talk): Promise<object> {
  const { telegramId, language, createdAt, seenAt, adultAt, state } = row;
  const { accountId = null } = user;
  const { units } = await readWallet(tx, user.walletId);
  const kept: Record<string, unknown> = {};
  for (const skill of allSkills) kept[skill.name] = (await skill.export?.(tx, user)) ?? null;
  return {
    person: { telegramId, language, createdAt, seenAt, adultAt, accountId, state },
    balance: units,
    skills: kept,
  };
}
