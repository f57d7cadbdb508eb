import { mkdtemp } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, inject } from 'vitest';
import { connect } from '../../db/connect.ts';
import bots from '../../functions/bots/function.ts';
import { goodReader, laidIn } from '../../modules/bots/skills/tarot/tarot.fixture.ts';
import { type OpenAiBody, type Reply, startOpenAiServer } from '../../modules/testing/openai-server.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { newSecretKey } from '../../modules/testing/secret-key.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { ownPostgres } from '../../platform/testing/own-postgres.ts';
import type { TestUnit } from '../../platform/testing/process.ts';
import { startTelegramServer } from '../../platform/testing/telegram-server.ts';
import { startUnitProcess, type UnitProcess } from '../../platform/testing/unit-process.ts';
import sending from '../sending/worker.ts';
import chats from './worker.ts';

const units = {
  bots: { kind: 'function', name: 'bots', manifest: bots },
  chats: { kind: 'worker', name: 'chats', manifest: chats },
  sending: { kind: 'worker', name: 'sending', manifest: sending },
} as const satisfies Record<string, TestUnit>;
export type UnitName = keyof typeof units;

const QUESTION = /Question \d+ of \w+/;

/** All that answers people of a bot, each in a process of its own, between a Telegram and a model on the loopback interface. */
export async function botPlatform({ random }: { random(): number }) {
  const postgres = await ownPostgres();
  const database = await testDatabase({ on: postgres });
  const sql = connect(database.ownerUrl, { max: 4 });
  const telegram = await startTelegramServer({ redeliverMs: 100, chat: { rate: 50, burst: 50 } });
  /** Cards that the model was shown, by the question about them. */
  const shown = new Map<string, Set<string>>();
  const model = await startOpenAiServer({
    chat(body: OpenAiBody): Reply {
      const [question] = QUESTION.exec(body.messages?.at(-1)?.content ?? '') ?? [];
      const cards = JSON.stringify(laidIn(body).cards);
      if (question !== undefined) shown.set(question, (shown.get(question) ?? new Set()).add(cards));
      const reply = goodReader(body) as Extract<Reply, { stream: unknown }>;
      return { stream: [{ waitMs: random() * 300 }, ...reply.stream] };
    },
  });
  const running = new Map<UnitName, UnitProcess>();
  // Telegram reaches the process that there is, or none.
  const edge = createServer((incoming, outgoing) => {
    const socketPath = running.get('bots')?.socketPath;
    if (socketPath === undefined) return void incoming.socket.destroy();
    const { url: path, method, headers } = incoming;
    const passed = request({ socketPath, path, method, headers, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.on('error', () => outgoing.destroy()).pipe(outgoing);
    });
    incoming.pipe(passed.on('error', () => outgoing.destroy()));
  });
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
  const folder = await mkdtemp(join(inject('services').folder, 'bots-'));
  const environment = {
    ...{ TELEGRAM_API_URL: telegram.url, OUTBOUND_WHITELIST: '127.0.0.1', OUTBOUND_INTERNAL_HOSTS: '127.0.0.1' },
    ...{ OPENAI_API_KEY: 'sk', OPENAI_BASE_URL: model.baseUrl, AI_MODEL_STANDARD: 'small', AI_MODEL_ADVANCED: 'small' },
    ...{ PUBLIC_URL: `http://127.0.0.1:${(edge.address() as AddressInfo).port}`, BOT_DELIVERY: 'webhook' },
    ...{ BOT_SECRETS_KEY_PATH: await newSecretKey(folder), BOT_UPDATES_PER_MINUTE: '1000' },
  };
  const start = async (name: UnitName) =>
    void running.set(name, await startUnitProcess(units[name], database, { environment, folder }));
  afterAll(async () => {
    telegram.close();
    for (const unit of running.values()) await unit.kill();
    edge.close();
    await model.close();
    await sql.end({ timeout: 5 });
    await database.close();
  });
  await sql`
    insert into model_prices (model, valid_from, prompt, completion, cached) values ('small', '2020-01-01', 1000000, 2000000, 500000)`;
  const { owner } = await testOrganization(database);
  const { token } = telegram.addBot();
  await Promise.all([start('bots'), start('chats'), start('sending')]);
  const json = {
    ...{ token, skills: ['tarot'] },
    settings: { free: { reading: 0 }, packs: { reading: [{ amount: 7, stars: 50 }] } },
  };
  expect(await running.get('bots')?.send('POST /api/bots', { token: owner.token, json })).toBe(201);

  return {
    ...{ database, sql, telegram, shown },
    said: () => [...running.values()].map((unit) => unit.said()).join(''),
    /** Ends a process and has another one in its place. */
    async replace(name: UnitName): Promise<void> {
      const unit = running.get(name);
      running.delete(name);
      await unit?.kill();
      await start(name);
    },
    /** Kills the database and has it recover. */
    killDatabase: postgres.killAndStart,
    /** Ends all connections with the database, in whatever they are. */
    cutConnections: () => sql`
      select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database.name} and pid <> pg_backend_pid()`,
    /** Resolves with what a query finds, as soon as it finds something; a connection may be cut under it. */
    async find<T>(query: () => Promise<readonly T[]>, seconds = 120): Promise<T> {
      const end = performance.now() + seconds * 1000;
      for (;;) {
        const [row] = await query().catch(() => []);
        if (row !== undefined) return row;
        if (performance.now() > end) throw new Error(`Wait for a row of ${query}: none after ${seconds} s`);
        await sleep(40);
      }
    },
  };
}

export type BotPlatform = Awaited<ReturnType<typeof botPlatform>>;
