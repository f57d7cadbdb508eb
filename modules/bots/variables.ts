import { choice, defineNumber, defineSecretKey, defineVariable } from '../../platform/kernel/environment.ts';

/* Variables of bots. */

export const BOT_SECRETS_KEY_PATH = defineSecretKey(
  'BOT_SECRETS_KEY_PATH',
  'bot-secrets.key',
  'Key that tokens of bots are encrypted with in the database, mode 600; made at first start',
);

export const BOT_UPDATES_PER_MINUTE = defineNumber(
  'BOT_UPDATES_PER_MINUTE',
  [5, 1000],
  30,
  'Messages and presses of one person that a bot answers in a minute; what is beyond is skipped',
);

export const BOT_DELIVERY = defineVariable(
  'BOT_DELIVERY',
  () => choice('auto', 'webhook', 'polling').default('auto'),
  'How updates of new bots come: webhook needs a public https address, polling needs none; auto takes what the public address allows',
);
