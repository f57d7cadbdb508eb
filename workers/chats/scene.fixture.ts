import { randomInt } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { createBotSeal } from '../../modules/bots/records/bot-seal.ts';
import { createTarot } from '../../modules/bots/skills/tarot/create-tarot.ts';
import { choiceAt } from '../../modules/bots/skills/tarot/tarot.fixture.ts';
import { pollBot } from '../../modules/messages/telegram/index.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { newSecretKey } from '../../modules/testing/secret-key.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createLog } from '../../platform/kernel/log.ts';
import { createMetrics } from '../../platform/kernel/telemetry/metrics.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { startTelegramServer } from '../../platform/testing/telegram-server.ts';
import { testWorker } from '../../platform/testing/worker.ts';
import * as pictures from '../pictures/handle.ts';
import picturesManifest from '../pictures/worker.ts';
import * as sending from '../sending/handle.ts';
import sendingManifest from '../sending/worker.ts';
import * as chats from './handle.ts';
import manifest from './worker.ts';

export interface SceneBot {
  id: string;
  token: string;
  organizationId: string;
}

interface Job {
  name: 'chats' | 'sending' | 'pictures';
  data: object;
}

/** Workers of bots in this process, with a Telegram on loopback that is polled. Jobs are done until none is left. */
export async function chatsScene(environment: Record<string, string> = {}) {
  const database = await testDatabase({ connections: 30 });
  const sql = database.owner;
  const server = await startTelegramServer({ chat: { rate: 50, burst: 50 }, bot: { rate: 500, burst: 500 } });
  const folder = await mkdtemp(join(inject('services').folder, 'chats-'));
  const BOT_SECRETS_KEY_PATH = await newSecretKey(folder);
  const all = {
    ...{ TELEGRAM_API_URL: server.url, OUTBOUND_WHITELIST: server.host, BOT_SECRETS_KEY_PATH },
    ...{ BOT_UPDATES_PER_MINUTE: '1000', PUBLIC_URL: 'https://bots.example.org', ...environment },
  };
  const options = { environment: all, folder };
  const workers = {
    chats: await testWorker(database, { name: 'chats', manifest, module: chats }, options),
    sending: await testWorker(database, { name: 'sending', manifest: sendingManifest, module: sending }, options),
    pictures: await testWorker(database, { name: 'pictures', manifest: picturesManifest, module: pictures }, options),
  };
  afterAll(async () => {
    for (const worker of Object.values(workers)) await worker.close();
    await server.close();
    await database.close();
  });
  const seal = createBotSeal(BOT_SECRETS_KEY_PATH);
  const { deps } = workers.chats;
  let own: Partial<typeof deps> = {};

  async function addBot(skills: string[], settings: object = {}): Promise<SceneBot> {
    const { id: organizationId, owner } = await testOrganization(database);
    const { id: telegramId, username, token } = server.addBot();
    const id = crypto.randomUUID();
    const tokenSealed = await seal.seal({ organizationId, botId: id, kind: 'token' }, token);
    await sql`
      insert into bots (id, organization_id, created_by, telegram_id, username, name, token_sealed, secret_sealed, secret_hash, skills,
        time_zone, settings, delivery)
      values (${id}, ${organizationId}, ${owner.userId}, ${telegramId}, ${username}, ${username}, ${tokenSealed}, '', '', ${skills},
        'Europe/Moscow', ${sql.json(settings as never)}, 'polling')`;
    return { id, token, organizationId };
  }

  const run = ({ name, data }: Job) => {
    if (name === 'chats') return workers.chats.deliver(data, { deps: own });
    if (name === 'sending') return workers.sending.deliver(data, { deps: { pace: { wait: async () => {} } } });
    return workers.pictures.deliver(data);
  };

  /** Takes what people did, and does the jobs that follow, until all is quiet. */
  async function settle({ id: botId, token, organizationId }: SceneBot): Promise<void> {
    const log = createLog({ level: 'silent' });
    const signal = new AbortController().signal;
    for (;;) {
      const isWaiting = server.bot(token).pending.length > 0;
      if (isWaiting) await pollBot(workers.sending.deps, { organizationId, botId }, { signal, log, waitSeconds: 0 });
      const jobs = await sql<Job[]>`
        delete from pgboss.job where name in ('chats', 'sending', 'pictures') and state in ('created', 'retry')
          and start_after <= now() + interval '3 seconds' returning name, data`;
      if (jobs.length === 0 && !isWaiting) return;
      await Promise.all(jobs.map(run));
    }
  }

  /** Tarot by a model at a server; without it, by what the platform has. */
  function readBy(model: Parameters<typeof choiceAt>[0]): void {
    const { database: tenant, queue } = deps;
    const tarot = createTarot({
      ...{ database: tenant, notifications: createNotifications(queue), metrics: createMetrics({ enabled: false }) },
      ...{ tokensPerMinute: { external: 1_000_000, internal: 1_000_000 }, randomInt },
      catalogue: { route: async () => choiceAt(model) },
    });
    own = { skills: [tarot, ...deps.skills.filter(({ name }) => name !== 'tarot')] };
  }

  return { ...{ database, sql, server, workers, addBot, settle, readBy } };
}
