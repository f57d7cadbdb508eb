import { publicOrigin as originOf } from '../../kernel/public-origin.ts';
import { PANDECT_DOMAIN, PANDECT_PORT, PUBLIC_URL } from '../../kernel/variables.ts';
import { defineProvider } from '../boot.ts';

/** Where people reach the platform, without a slash at its end. */
export const publicOrigin = defineProvider([PUBLIC_URL, PANDECT_DOMAIN, PANDECT_PORT], (_, settings) =>
  originOf(settings),
);
