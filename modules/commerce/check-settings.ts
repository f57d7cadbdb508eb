import { notOutbound } from '../../platform/capabilities/outbound/not-outbound.ts';
import type { Source } from '../../platform/kernel/composition.ts';
import { together } from '../../platform/kernel/environment.ts';
import { YOOKASSA_BASE_URL, YOOKASSA_SECRET_KEY, YOOKASSA_SHOP_ID } from './variables.ts';

/** What the settings of payments ask of each other: a line for each mistake. */
export const checkPaymentSettings = (source: Source): string[] => [
  ...(source.YOOKASSA_SHOP_ID ? notOutbound(YOOKASSA_BASE_URL, source) : []),
  ...together([YOOKASSA_SHOP_ID, YOOKASSA_SECRET_KEY], source),
  ...together([YOOKASSA_SECRET_KEY, YOOKASSA_SHOP_ID], source),
];
