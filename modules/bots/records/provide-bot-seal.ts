import { defineProvider } from '../../../platform/runtime/boot.ts';
import { BOT_SECRETS_KEY_PATH } from '../variables.ts';
import { createBotSeal } from './bot-seal.ts';

export const botSeal = defineProvider([BOT_SECRETS_KEY_PATH], (_, settings) =>
  createBotSeal(settings.BOT_SECRETS_KEY_PATH),
);
