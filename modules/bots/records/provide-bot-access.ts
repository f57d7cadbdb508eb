import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { notifications } from '../../../platform/runtime/providers/notifications.ts';
import { queue } from '../../../platform/runtime/providers/queue.ts';
import { telegram } from '../../messages/telegram/index.ts';
import { createBotAccess } from './bot-access.ts';
import { botSeal } from './provide-bot-seal.ts';

export const botAccess = defineProvider([], async (boot) =>
  createBotAccess(await boot.useAll({ database, queue, seal: botSeal, telegram, notifications })),
);
