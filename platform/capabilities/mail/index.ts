import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import type { Environment } from '../../kernel/environment.ts';
import {
  PROJECT_NAME,
  SMTP_CA_PATH,
  SMTP_FROM,
  SMTP_HOST,
  SMTP_PASSWORD,
  SMTP_PORT,
  SMTP_TLS,
  SMTP_USER,
} from '../../kernel/variables.ts';

/** What an e-mail holds. */
export interface MailContent {
  subject: string;
  text: string;
  html?: string;
}

export interface Mailer {
  /**
   * Hands an e-mail to the mail server. @param id goes into the Message-ID, so that anyone who gets it twice can tell
   * @throws MailFailure
   */
  send(id: string, email: string, mail: MailContent, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Its message names no one, so that it may be logged: the mail server's own words would. */
export class MailFailure extends Error {
  /** The mail server takes nothing for this address, now or later. */
  readonly permanent: boolean;
  constructor(message: string, permanent: boolean) {
    super(message);
    this.name = 'MailFailure';
    this.permanent = permanent;
  }
}

export const mailVariables = [
  PROJECT_NAME,
  SMTP_HOST,
  SMTP_PORT,
  SMTP_USER,
  SMTP_PASSWORD,
  SMTP_FROM,
  SMTP_TLS,
  SMTP_CA_PATH,
];
export type MailEnvironment = Environment<(typeof mailVariables)[number]>;

const IMPLICIT_TLS_PORT = 465;
/** Longest silence of the mail server, and the longest that one e-mail may take however it trickles. */
const SILENCE_MS = 30_000;
const SENDING_MS = 60_000;

export function createMailer(environment: MailEnvironment): Mailer {
  const { PROJECT_NAME, SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD, SMTP_FROM, SMTP_TLS, SMTP_CA_PATH } =
    environment;
  const options: SMTPPool.Options = {
    pool: true,
    host: SMTP_HOST,
    port: SMTP_PORT,
    secure: SMTP_PORT === IMPLICIT_TLS_PORT && SMTP_TLS !== 'none',
    requireTLS: SMTP_TLS === 'required',
    ignoreTLS: SMTP_TLS === 'none',
    ...(SMTP_CA_PATH && { tls: { ca: readFileSync(SMTP_CA_PATH) } }),
    ...(SMTP_USER && { auth: { user: SMTP_USER, pass: SMTP_PASSWORD ?? '' } }),
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    dnsTimeout: 10_000,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
  const transport = createTransport(options);
  const domain = SMTP_FROM.split('@').at(-1);

  return {
    async send(id, email, mail, signal) {
      const message = {
        ...mail,
        from: { name: PROJECT_NAME, address: SMTP_FROM },
        // As an object it is one address, whatever it holds.
        to: { name: '', address: email },
        envelope: { from: SMTP_FROM, to: [email] },
        messageId: `<${id}@${domain}>`,
        textEncoding: 'base64' as const, // shorter than the other for Cyrillic
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(SENDING_MS)]),
      };
      await transport.sendMail(message).catch((error: unknown) => {
        throw toFailure(error);
      });
    },
    async close() {
      transport.close();
    },
  };
}

/** What the mail server answers to the address or to the text concerns this e-mail; all else may get better. */
function toFailure(error: unknown): MailFailure {
  const { code = 'unknown', command = 'CONN', responseCode } = error as Record<string, string | undefined>;
  const answer = Number(responseCode);
  // The library itself refuses an address that is none.
  const permanent =
    (answer >= 500 && (command === 'RCPT TO' || command === 'DATA')) || (code === 'EENVELOPE' && command === 'API');
  return new MailFailure(`Send e-mail: ${responseCode ?? code} at "${command}"`, permanent);
}
