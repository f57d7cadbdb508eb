import { defineProvider } from '../../../platform/runtime/boot.ts';
import { BOT_UPDATES_PER_MINUTE } from '../variables.ts';

/** Updates of a person a minute. */
export const chatPace = defineProvider([BOT_UPDATES_PER_MINUTE], (_, settings) => settings.BOT_UPDATES_PER_MINUTE);
