import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { startMailServer } from '../../modules/testing/mail-server.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { createNotifications } from '../../platform/capabilities/outbox/index.ts';
import { createQueue } from '../../platform/capabilities/queue/index.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import { startUnitProcess } from '../../platform/testing/unit-process.ts';
import manifest from './worker.ts';

const LETTERS = 6;

const database = await testDatabase();
const queue = createQueue(database.url('platform'));
const reached = Promise.withResolvers<void>();
let isDying = true;
/** Takes no letter, and says nothing, until the process that brings the first ones is dead. */
const mail = await startMailServer({
  async onData() {
    if (!isDying) return undefined;
    reached.resolve();
    while (isDying) await sleep(20);
    return [451, 'Too late'];
  },
});
afterAll(async () => {
  await mail.close();
  await queue.close();
  await database.close();
});

const start = () =>
  startUnitProcess({ kind: 'worker', name: 'notify', manifest }, database, {
    environment: { SMTP_HOST: 'localhost', SMTP_PORT: String(mail.port), SMTP_TLS: 'none' },
  });
const states = async () => (await database.owner`select state from notifications`).map(({ state }) => state);

it('a process killed while it hands letters over loses none, and none is sent twice', {
  timeout: 120_000,
}, async () => {
  const { id, owner } = await testOrganization(database);
  const { send } = createNotifications(queue);
  const letter = { organizationId: id, email: owner.email, language: 'en', kind: 'reset-password' } as const;
  for (let number = 0; number < LETTERS; number++) {
    await database.platform.transaction((tx) =>
      send(tx, { ...letter, reference: String(number), parameters: { token: `token-${number}` } }),
    );
  }
  const first = await start();
  await reached.promise;
  await first.kill();
  expect(await states()).toEqual(Array(LETTERS).fill('queued'));
  isDying = false;
  const second = await start();
  while ((await states()).some((state) => state !== 'sent')) await sleep(50);
  await second.kill();
  const ids = mail.mails.map(({ raw }) => /^message-id: (.*)$/im.exec(raw)?.[1]);
  expect([ids.length, new Set(ids).size]).toEqual([LETTERS, LETTERS]);
});
