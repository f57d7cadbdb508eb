import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { startMailServer } from '../../modules/testing/mail-server.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type PlatformAccess, startTestPlatform } from './platform.ts';
import { startControlledTelegram } from './telegram-control.ts';

/** The platform that all test files share which do not need one of their own. */
export interface SharedPlatform extends PlatformAccess {
  /** Origin of a page that may call its API; nothing listens there until a test serves the page. */
  pageOrigin: string;
  /** Folder with the e-mails that it has sent, a file each. */
  mails: string;
  /** Where bots and messages are made in its Telegram, see `bots.ts`. */
  telegram: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    platform: SharedPlatform;
  }
}

export const sharedPlatform = (): SharedPlatform => inject('platform');

/** Starts it before the first test file and ends it after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const pageOrigin = `http://localhost:${await freePort()}`;
  const mails = await mkdtemp(join(tmpdir(), 'pandect-test-mails-'));
  const mailServer = await startMailServer({
    async onData({ raw }) {
      await writeFile(join(mails, `${crypto.randomUUID()}.eml`), raw);
      return undefined;
    },
  });
  const telegram = await startControlledTelegram();
  const end = async () => {
    await telegram.close();
    await mailServer.close();
    await rm(mails, { recursive: true });
  };
  // Never called: it is only asked about payments that were begun with it.
  const shop = {
    ...{ YOOKASSA_SHOP_ID: '1', YOOKASSA_SECRET_KEY: 'none' },
    ...{ TELEGRAM_API_URL: telegram.url, OUTBOUND_INTERNAL_HOSTS: telegram.host },
    OUTBOUND_WHITELIST: `api.openai.com,api.yookassa.ru,${telegram.host}`,
  };
  const mail = { SMTP_HOST: 'localhost', SMTP_PORT: String(mailServer.port), SMTP_TLS: 'none' };
  const quick = { IMAGE_LOCAL_SECONDS: '1' };
  const platform = await startTestPlatform({ env: { CORS_ORIGINS: pageOrigin, ...mail, ...shop, ...quick } }).catch(
    async (error) => {
      await end();
      throw error;
    },
  );
  const { url, home, pid, root } = platform;
  project.provide('platform', { url, home, pid, root, pageOrigin, mails, telegram: telegram.control });
  return () => platform.stop().finally(end);
}
