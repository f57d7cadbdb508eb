import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it, vi } from 'vitest';
import { testOrganization } from '../../../../modules/testing/organization.ts';
import { newSecretKey } from '../../../../modules/testing/secret-key.ts';
import { commandEnvironment } from '../../../testing/command-environment.ts';
import { testDatabase } from '../../../testing/database.ts';
import { startTelegramServer } from '../../../testing/telegram-server.ts';
import { ask } from '../../control-client.ts';
import { operatorControl } from './operator-control.fixture.ts';

const database = await testDatabase();
const { id: organizationId } = await testOrganization(database);
const telegram = await startTelegramServer();
const folder = inject('services').folder;
const { path, close, log } = await operatorControl(database, undefined, {
  TELEGRAM_API_URL: telegram.url,
  OUTBOUND_WHITELIST: telegram.host,
  OUTBOUND_INTERNAL_HOSTS: telegram.host,
  // Nothing listens there, so that updates are not delivered.
  PUBLIC_URL: 'https://127.0.0.1:88',
  BOT_SECRETS_KEY_PATH: await newSecretKey(folder),
});
afterAll(async () => {
  await close();
  await telegram.close();
  await database.close();
});

const main = join(import.meta.dirname, '../../../../pandect.ts');
const said: string[] = [];
function run(args: string[], input = ''): Promise<{ code: number; output: string }> {
  const options = { env: { ...commandEnvironment, PANDECT_HOME: path, NO_COLOR: '1' } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [main, 'bots', ...args], options, (error, stdout, stderr) => {
      said.push(stdout + stderr);
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
    child.stdin?.end(input);
  });
}
const bots = (...args: string[]) => run(args);
const json = async (...args: string[]) => JSON.parse((await bots(...args, '--json')).output);
const add = (token: string, ...args: string[]) => run(['add', '--organization', organizationId, ...args], token);
const acts = async (target: string) => [
  ...(await database.owner`
    select actor, action, details from audit_log where target = ${target} order by created_at, id`),
];

describe('pandect bots', () => {
  const { token, username } = telegram.addBot();

  it('sets a bot up by its token, lists it, and moves it between webhook and polling', {
    timeout: 120_000,
  }, async () => {
    expect((await bots('list')).output).toBe('No bot is set up\n');
    const file = join(folder, 'a-token');
    await writeFile(file, `${token}\n`, { mode: 0o600 });
    const made = await run([
      ...['add', '--organization', organizationId, '--token-file', file, '--skills', 'tarot,image'],
      ...['--time-zone', 'Asia/Tokyo', '--json'],
    ]);
    const { id } = JSON.parse(made.output);
    const bot = { id, organizationId, username, skills: ['tarot', 'image'], timeZone: 'Asia/Tokyo', state: 'active' };
    expect(JSON.parse(made.output)).toMatchObject({ ...bot, delivery: 'webhook' });
    expect(await json('list', '--organization', organizationId)).toMatchObject([bot]);
    expect((await bots('list')).output).toContain(`@${username}`);
    expect((await bots('webhook', 'delete', id)).output).toBe(`@${username}: its updates are polled\n`);
    expect(await json('check', id)).toMatchObject({ delivery: 'polling', webhook: { isSet: false }, troubles: [] });
    expect(await json('webhook', 'set', id)).toMatchObject({ id, delivery: 'webhook' });
    expect(await acts(id)).toMatchObject([
      { actor: 'operator', action: 'add-bot' },
      { actor: 'operator', action: 'set-bot-delivery', details: { delivery: 'polling' } },
      { actor: 'operator', action: 'set-bot-delivery', details: { delivery: 'webhook' } },
    ]);
    await database.owner`update bots set state = 'stopped' where id = ${id}`;
    expect(await bots('webhook', 'delete', id)).toMatchObject({ code: 1, output: expect.stringContaining('stopped') });
    await database.owner`update bots set state = 'active' where id = ${id}`;
  });

  it('says what Telegram knows of a bot, and what keeps it from working', { timeout: 120_000 }, async () => {
    const [{ id }] = await json('list');
    expect((await bots('check', id)).code).toBe(0);
    await telegram.user('Ann', { token }).send('/start');
    await expect.poll(() => telegram.bot(token).webhook?.lastError, { timeout: 20_000 }).toBeDefined();
    telegram.skewMs = -60_000;
    const failing = await bots('check', id, '--json');
    telegram.skewMs = 0;
    expect(failing.code).toBe(1);
    const { clockAheadMs, ...found } = JSON.parse(failing.output);
    expect(found).toMatchObject({
      ...{ isAuthorized: true, polling: null, pausedUntil: null },
      webhook: { isSet: true, isOurs: true, pending: 1, lastError: 'Connection timed out' },
      troubles: [
        'webhook: Connection timed out, 1 updates pending',
        expect.stringMatching(/^the clock .+ off by \d+ s$/),
      ],
    });
    expect(clockAheadMs).toBeGreaterThan(50_000);
    expect((await bots('check', id)).output).toMatch(/pending updates +1\n/);
    const second = telegram.addBot();
    const { id: other } = JSON.parse((await add(second.token, '--json')).output);
    await database.owner`
      insert into telegram_pauses (organization_id, bot_id, chat_id, until)
      values (${organizationId}, ${other}, '', now() + interval '1 hour')`;
    telegram.revoke(second.token);
    expect(await json('check', other)).toMatchObject({
      ...{ isAuthorized: false, webhook: null, pausedUntil: expect.any(String) },
      troubles: ['Telegram does not accept its token'],
    });
    vi.stubEnv('PANDECT_HOME', path);
    const health = await ask<{ bots: number; unchecked: number; troubled: object[] }>('GET', '/operator/bots/health');
    vi.unstubAllEnvs();
    expect(health).toMatchObject({
      ...{ bots: 2, unchecked: 0 },
      troubled: [
        { id: other, troubles: ['Telegram does not accept its token'] },
        { id, troubles: [expect.stringContaining('webhook: ')] },
      ],
    });
  });

  it('refuses what it cannot do, with the reason and without the token', { timeout: 120_000 }, async () => {
    const refused = async (args: Promise<{ code: number; output: string }>) => {
      const { code, output } = await args;
      expect(code).toBe(1);
      return output;
    };
    expect(await refused(add(''))).toBe('Read secret: standard input is empty\n');
    expect(await refused(add('not a token'))).toContain('it has spaces');
    expect(await refused(add(`1234567:${'x'.repeat(35)}`))).toContain('Telegram knows no bot with this token');
    expect(await refused(add(token))).toMatch(/^Add bot: This bot is already set up/);
    const fresh = telegram.addBot().token;
    expect(await refused(add(fresh, '--time-zone', 'Mars/Olympus'))).toBe(
      'Add bot: "timeZone": not an IANA time zone\n',
    );
    expect(await refused(add(fresh, '--skills', 'cook'))).toContain('"skills"');
    expect(await refused(run(['add', '--organization', crypto.randomUUID()], fresh))).toContain('Find organization');
    expect(await refused(bots('check', crypto.randomUUID()))).toMatch(/^Find bot ".+": there is none\n$/);
    expect(await refused(bots('webhook', 'set', 'x'))).toBe('Find bot "x": there is none\n');
    const everything = JSON.stringify([said, log()]);
    for (const one of [token, fresh]) expect(everything).not.toContain(one.split(':')[1]);
  });

  it('tells how it is used', { timeout: 60_000 }, async () => {
    for (const name of ['add', 'list', 'check']) expect((await bots(name, '--help')).output).toContain('Example');
    for (const name of ['set', 'delete']) {
      expect((await bots('webhook', name, '--help')).output).toContain(`pandect bots webhook ${name}`);
    }
  });
});
