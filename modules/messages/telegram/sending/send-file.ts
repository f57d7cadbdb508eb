import { arrayBuffer } from 'node:stream/consumers';
import { and, eq, inArray } from 'drizzle-orm';
import type { Transaction } from '../../../../db/client.ts';
import { telegramFiles } from '../../../../db/schema/messages/telegram-files.ts';
import { FileMissing } from '../../../../platform/capabilities/storage/index.ts';
import type { TelegramClient } from '../client/telegram-client.ts';
import { TelegramFailure } from '../client/telegram-failure.ts';
import type { OutgoingFile } from '../contract.ts';
import type { Chat, SendDeps } from './contract.ts';

export type FileKind = 'photo' | 'document';

/** What Telegram answers when a file was sent. */
export interface SentFile {
  message_id: number;
  photo?: { file_id: string }[];
  document?: { file_id: string };
}

/** A file that is not in the storage any more. */
export class FileGone extends Error {
  override readonly name = 'FileGone';
}

/** A file that the storage does not give now. */
export class FileUnavailable extends Error {
  override readonly name = 'FileUnavailable';
}

const byKey = (botId: string, storageKey: string) =>
  and(eq(telegramFiles.botId, botId), eq(telegramFiles.storageKey, storageKey));

/**
 * Sends a file by the id that it has for this bot, otherwise uploads it and keeps its id. What Telegram does not take as a photo is sent
 * as a document.
 * @throws TelegramFailure, FileGone, FileUnavailable
 */
export async function sendFile(
  { database, storage }: Pick<SendDeps, 'database' | 'storage'>,
  client: TelegramClient,
  chat: Chat,
  wanted: { as: FileKind; file: OutgoingFile; params: Record<string, unknown> },
  signal: AbortSignal,
): Promise<SentFile> {
  const { file } = wanted;
  const send = async (as: FileKind): Promise<SentFile> => {
    const method = as === 'photo' ? 'sendPhoto' : 'sendDocument';
    const params = { chat_id: chat.chatId, ...wanted.params };
    const known = await database.transaction((tx) => findFileId(tx, chat.botId, file.storageKey, as));
    if (known !== undefined) {
      const sent = await client.call<SentFile>(method, { ...params, [as]: known }, {}, { signal }).catch(ifRefused);
      if (sent) return sent;
      await database.transaction((tx) => tx.delete(telegramFiles).where(byKey(chat.botId, file.storageKey)));
    }
    const content = await readFile(storage, file);
    const files = { [as]: { content, fileName: file.fileName } };
    const sent = await client.call<SentFile>(method, params, files, { signal });
    const fileId = as === 'photo' ? sent.photo?.at(-1)?.file_id : sent.document?.file_id;
    if (fileId) await database.transaction((tx) => keepFileId(tx, chat, file.storageKey, as, fileId));
    return sent;
  };
  if (wanted.as === 'document') return send('document');
  return (await send('photo').catch(ifRefused)) ?? send('document');
}

/** @returns undefined for what Telegram refused and did not do */
function ifRefused(error: unknown): undefined {
  if (error instanceof TelegramFailure && error.reason === 'bad-request') return undefined;
  throw error;
}

async function readFile(storage: SendDeps['storage'], { storageKey, type }: OutgoingFile): Promise<Blob> {
  try {
    const { stream } = await storage.read(storageKey);
    return new Blob([await arrayBuffer(stream)], { type });
  } catch (error) {
    throw error instanceof FileMissing ? new FileGone() : new FileUnavailable();
  }
}

async function findFileId(tx: Transaction, botId: string, storageKey: string, kind: FileKind) {
  const [row] = await tx
    .select({ fileId: telegramFiles.fileId })
    .from(telegramFiles)
    .where(and(byKey(botId, storageKey), inArray(telegramFiles.kind, [kind])));
  return row?.fileId;
}

async function keepFileId(tx: Transaction, chat: Chat, storageKey: string, kind: FileKind, fileId: string) {
  const { organizationId, botId } = chat;
  await tx.insert(telegramFiles).values({ organizationId, botId, storageKey, kind, fileId }).onConflictDoNothing();
}
