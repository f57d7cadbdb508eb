import { z } from 'zod';
import {
  defineFolder,
  defineNumber,
  defineSecret,
  defineVariable,
  digits,
  url,
} from '../../platform/kernel/environment.ts';

/* Variables of limits, invoices and payments. */

export const RATE_LIMIT_EXTERNAL_TPM = defineNumber(
  'RATE_LIMIT_EXTERNAL_TPM',
  [1, 1_000_000_000],
  100_000,
  'AI tokens a minute of each organization by people and keys of the external channel',
);

export const RATE_LIMIT_INTERNAL_TPM = defineNumber(
  'RATE_LIMIT_INTERNAL_TPM',
  [1, 1_000_000_000],
  1_000_000,
  'AI tokens a minute of each organization by keys of the internal channel',
);

export const CALL_JOURNAL_DIR = defineFolder(
  'CALL_JOURNAL_DIR',
  'calls',
  'Folder of what ended calls of the gateway cost, until it is in the database',
);

export const USAGE_RETENTION_DAYS = defineNumber(
  'USAGE_RETENTION_DAYS',
  [1, 36_500],
  undefined,
  'Days that single records of usage are kept, in whole months; sums stay, unset keeps all',
);

export const SELLER_NAME = defineVariable(
  'SELLER_NAME',
  () => z.string().default('SELLER_NAME не указано'),
  'Name of the company that issues invoices',
);

export const SELLER_INN = defineVariable(
  'SELLER_INN',
  () => digits(10, 12).default('0000000000'),
  'Its taxpayer number',
);

export const SELLER_KPP = defineVariable(
  'SELLER_KPP',
  () => digits(9).default('000000000'),
  'Its tax registration reason code',
);

export const SELLER_ADDRESS = defineVariable(
  'SELLER_ADDRESS',
  () => z.string().default('SELLER_ADDRESS не указан'),
  'Its address',
);

export const SELLER_BANK = defineVariable(
  'SELLER_BANK',
  () => z.string().default('SELLER_BANK не указан'),
  'Name of the bank that transfers go to',
);

export const SELLER_BIC = defineVariable(
  'SELLER_BIC',
  () => digits(9).default('000000000'),
  'Identification code of that bank',
);

export const SELLER_ACCOUNT = defineVariable(
  'SELLER_ACCOUNT',
  () => digits(20).default('00000000000000000000'),
  'Account that transfers go to',
);

export const SELLER_CORRESPONDENT_ACCOUNT = defineVariable(
  'SELLER_CORRESPONDENT_ACCOUNT',
  () => digits(20).default('00000000000000000000'),
  'Correspondent account of that bank',
);

export const YOOKASSA_SHOP_ID = defineVariable(
  'YOOKASSA_SHOP_ID',
  () => z.string().regex(/^\d+$/, 'must be digits').optional(),
  'Shop at YooKassa; unset leaves transfers as the only way to pay',
);

export const YOOKASSA_SECRET_KEY = defineSecret(
  'YOOKASSA_SECRET_KEY',
  () => z.string().optional(),
  'Secret key of that shop',
);

export const YOOKASSA_BASE_URL = defineVariable(
  'YOOKASSA_BASE_URL',
  () => url('http:', 'https:').default('https://api.yookassa.ru'),
  'Address of its API; the host must be in OUTBOUND_WHITELIST',
);
