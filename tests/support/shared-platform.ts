import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';
import { startMailServer } from '../../modules/testing/mail-server.ts';
import { freePort } from '../../platform/testing/free-port.ts';
import { type Networks, openNetworks } from './hosts/networks.ts';
import { startTwoHosts } from './hosts/two-hosts.ts';
import { ownerUrl } from './owner-url.ts';
import { type PlatformAccess, startTestPlatform } from './platform.ts';
import { startControlledTelegram } from './telegram-control.ts';

/** The platform that all test files share which do not need one of their own. */
export interface SharedPlatform extends PlatformAccess {
  /** Of the host whose home it is; other than `url` where several hosts take turns. */
  hostUrl: string;
  /** Of the database's owner. */
  databaseUrl: string;
  /** Origin of a page that may call its API; nothing listens there until a test serves the page. */
  pageOrigin: string;
  /** Folder with the e-mails that it has sent, a file each. */
  mails: string;
  /** Where bots and messages are made in its Telegram, see `bots.ts`. */
  telegram: string;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Where GET starts it, unless it runs, and is answered with it as JSON, or with 500 and the reason. DELETE ends it. */
    platformStarter: string;
  }
}

/** Starts it for the first test file that asks. To be called at the top of a file, where no time limit of a test counts. */
export async function sharedPlatform(): Promise<SharedPlatform> {
  // Not `fetch`, which gives up after five minutes: a busy machine may build for longer.
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(inject('platformStarter'), resolve).once('error', reject);
  });
  const answer = await text(response);
  if (response.statusCode !== 200) throw new Error(answer);
  return JSON.parse(answer) as SharedPlatform;
}

/** Ends it, if it runs, for tests that come when no file needs it any more: it would take a share of the machine until the last one. */
export async function endSharedPlatform(): Promise<void> {
  // Unknown where none of the files that use it is among those that run.
  const starter: string | undefined = inject('platformStarter');
  if (starter) await fetch(starter, { method: 'DELETE' });
}

interface RunningPlatform {
  access: SharedPlatform;
  stop(): Promise<void>;
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<RunningPlatform> | undefined;
  let problem: unknown;
  const end = async () => {
    // The test files that asked have said why it did not start.
    const running = await starting?.catch(() => undefined);
    starting = undefined;
    await running?.stop().catch((error: unknown) => {
      problem = error;
    });
  };
  const server = createServer(async ({ method }, response) => {
    if (method === 'DELETE') {
      await end();
      response.end();
      return;
    }
    starting ??= start();
    try {
      const { access } = await starting;
      response.end(JSON.stringify(access));
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const starter = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  project.vitest.provide('platformStarter', starter);
  return async () => {
    server.closeAllConnections();
    server.close();
    await end();
    if (problem) throw problem;
  };
}

async function start(): Promise<RunningPlatform> {
  const pageOrigin = `http://localhost:${await freePort()}`;
  const mails = await mkdtemp(join(tmpdir(), 'pandect-test-mails-'));
  const networks = process.env.PANDECT_TEST_HOSTS === '2' ? await openNetworks() : undefined;
  const host = networks?.shared ?? '127.0.0.1';
  const mailServer = await startMailServer({
    host,
    async onData({ raw }) {
      await writeFile(join(mails, `${crypto.randomUUID()}.eml`), raw);
      return undefined;
    },
  });
  const telegram = await startControlledTelegram(host);
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
  const mail = { SMTP_HOST: networks ? host : 'localhost', SMTP_PORT: String(mailServer.port), SMTP_TLS: 'none' };
  const quick = { IMAGE_LOCAL_SECONDS: '1' };
  const env = { CORS_ORIGINS: pageOrigin, ...mail, ...shop, ...quick };
  const { access, stop } = await startPlatforms(env, networks).catch(async (error) => {
    await end();
    throw error;
  });
  return {
    access: { ...access, pageOrigin, mails, telegram: telegram.control },
    stop: () => stop().finally(end),
  };
}

/** With networks, two hosts that take turns with the requests. */
async function startPlatforms(
  env: Record<string, string>,
  networks: Networks | undefined,
): Promise<{ access: PlatformAccess & Pick<SharedPlatform, 'hostUrl' | 'databaseUrl'>; stop(): Promise<void> }> {
  if (networks) {
    const { access, hosts, databaseUrl, stop } = await startTwoHosts({ env, networks });
    return { access: { ...access, hostUrl: hosts[0].platform.url, databaseUrl }, stop };
  }
  const { url, home, pid, root, stop } = await startTestPlatform({ env });
  const databaseUrl = await ownerUrl({ postgres: join(home, 'postgres'), keys: join(home, 'keys') });
  return { access: { url, home, pid, root, hostUrl: url, databaseUrl }, stop };
}
