import { defineProvider } from '../../../platform/runtime/boot.ts';
import { database } from '../../../platform/runtime/providers/database.ts';
import { publicOrigin } from '../../../platform/runtime/providers/public-origin.ts';
import { queue } from '../../../platform/runtime/providers/queue.ts';
import { telegram } from '../../messages/telegram/index.ts';
import { BOT_DELIVERY } from '../variables.ts';
import type { Bots } from './contract.ts';
import { createBots } from './create-bots.ts';
import { botSeal } from './provide-bot-seal.ts';

export const bots = defineProvider([BOT_DELIVERY], async (boot, { BOT_DELIVERY: asked }): Promise<Bots> => {
  const deps = await boot.useAll({ database, queue, seal: botSeal, telegram, origin: publicOrigin });
  const automatic = deps.origin.startsWith('https://') ? 'webhook' : 'polling';
  return createBots({ ...deps, delivery: asked === 'auto' ? automatic : asked });
});
