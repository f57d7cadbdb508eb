import { z } from 'zod';
import { defineJob } from '../../platform/capabilities/queue/index.ts';

/** Compares the Stars of a bot with Telegram's own list, and pays back what is to be. */
export const starsJob = defineJob({
  queue: 'chats',
  schema: z.strictObject({ kind: z.literal('stars'), organizationId: z.uuid(), botId: z.uuid() }),
  group: ({ botId }) => `stars:${botId}`,
});

/** Tells Telegram the commands of a bot, for its menu. */
export const menuJob = defineJob({
  queue: 'chats',
  schema: z.strictObject({ kind: z.literal('menu'), organizationId: z.uuid(), botId: z.uuid() }),
  group: ({ botId }) => botId,
});

/** Handles what has arrived from a chat, in order. A chat is a group, so that one process at a time does it. */
export const chatJob = defineJob({
  queue: 'chats',
  schema: z.strictObject({ kind: z.literal('chat'), organizationId: z.uuid(), botId: z.uuid(), chatId: z.string() }),
  group: ({ botId, chatId }) => `${botId}:${chatId}`,
});

export type Chat = Omit<z.output<typeof chatJob.schema>, 'kind'>;
