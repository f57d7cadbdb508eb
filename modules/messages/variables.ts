import { z } from 'zod';
import {
  choice,
  defineFile,
  defineNumber,
  defineSecret,
  defineVariable,
  url,
} from '../../platform/kernel/environment.ts';

/* Variables of the mail server and of Telegram. */

export const SMTP_HOST = defineVariable(
  'SMTP_HOST',
  () => z.string().optional(),
  'Mail server; unset sends no e-mails and marks each as failed',
);

export const SMTP_PORT = defineNumber(
  'SMTP_PORT',
  [1, 65_535],
  587,
  'Port of the mail server; 465 speaks TLS from the first byte',
);

export const SMTP_USER = defineVariable(
  'SMTP_USER',
  () => z.string().optional(),
  'Login at the mail server; unset sends without one',
);

export const SMTP_PASSWORD = defineSecret('SMTP_PASSWORD', () => z.string().optional(), 'Password of that login');

export const SMTP_FROM = defineVariable(
  'SMTP_FROM',
  () =>
    z
      .string()
      .regex(/^[^\s@<>,;]+@[^\s@<>,;]+$/, 'must be an e-mail address')
      .default('pandect@localhost'),
  'Address that e-mails come from; the mail server must accept it',
);

export const SMTP_TLS = defineVariable(
  'SMTP_TLS',
  () => choice('auto', 'required', 'none').default('auto'),
  'auto uses STARTTLS where the mail server offers it, required refuses to send without TLS, none never uses it',
);

export const SMTP_CA_PATH = defineFile(
  'SMTP_CA_PATH',
  'PEM file of an authority that signed the certificate of the mail server, in place of the usual ones',
);

export const TELEGRAM_API_URL = defineVariable(
  'TELEGRAM_API_URL',
  () => url('http:', 'https:').default('https://api.telegram.org'),
  'Address of the Bot API of Telegram, or of a local Bot API server; the host must be in OUTBOUND_WHITELIST once there are bots',
);
