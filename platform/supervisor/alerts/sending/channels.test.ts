import { createHmac } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { localhostCertificate, type MailServer, startMailServer } from '../../../../modules/testing/mail-server.ts';
import { startTelegramServer, type TelegramServer } from '../../../testing/telegram-server.ts';
import { checkAlertSettings } from '../check-settings.ts';
import { type AlertDesk, alertDesk, healthy } from '../running/alerts.fixture.ts';

const MINUTE = 60;
const HOUR = 3_600;
const SECRET = Buffer.alloc(32, 7).toString('base64');
const backingOff = { 'pandect_unit_state{unit="ask",state="backing_off"}': 1 };
const crowded = { ...healthy, pandect_host_memory_available_bytes: 20 };

/** Takes what is posted and what is asked for, unless `status` says otherwise. */
async function startReceiver() {
  const posts: { headers: IncomingHttpHeaders; body: string }[] = [];
  const receiver = { status: 204, posts, beats: 0, host: '', close: () => server.close() };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    if (receiver.status >= 300)
      return void response.writeHead(receiver.status, { connection: 'close' }).end('secret words');
    if (request.url === '/beat') receiver.beats++;
    else posts.push({ headers: request.headers, body });
    response.writeHead(receiver.status, { connection: 'close' }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  receiver.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let mail: MailServer;
let mailAnswer: [number, string] | undefined;
let unknownAddress: string | undefined;
let telegram: TelegramServer;
let desk: AlertDesk;
let chat: ReturnType<TelegramServer['user']>;
let token: string;

beforeEach(async () => {
  receiver = await startReceiver();
  mailAnswer = undefined;
  unknownAddress = undefined;
  mail = await startMailServer({
    login: { user: 'alerts', password: 'mail-password' },
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    onData: () => mailAnswer,
    onRecipient: (address) => (address === unknownAddress ? [550, `${address} is unknown`] : undefined),
  });
  telegram = await startTelegramServer();
  ({ token } = telegram.addBot());
  chat = telegram.user('Anna');
  chat.send('/start');
  desk = await alertDesk({
    ...{ ALERT_EMAIL: 'ops@example.org, boss@example.org', SMTP_HOST: '127.0.0.1', SMTP_PORT: String(mail.port) },
    ...{ SMTP_USER: 'alerts', SMTP_PASSWORD: 'mail-password', SMTP_TLS: 'none' },
    ...{ ALERT_TELEGRAM_TOKEN: token, ALERT_TELEGRAM_CHAT: String(chat.id), TELEGRAM_API_URL: telegram.url },
    ...{ ALERT_WEBHOOK: `http://${receiver.host}/hook-path-secret`, ALERT_WEBHOOK_SECRET: `whsec_${SECRET}` },
    ...{ ALERT_HEARTBEAT_URL: `http://${receiver.host}/beat`, OUTBOUND_WHITELIST: `${receiver.host},${telegram.host}` },
  });
});
afterEach(async () => {
  await desk.close();
  await mail.close();
  await telegram.close();
  receiver.close();
});

const chatTexts = () => chat.messages().map(({ text }) => text ?? '');
const stateOf = (name: string) => desk.alerts.list().channels.find((channel) => channel.name === name);

describe('an alert', () => {
  it('comes by e-mail, in Telegram and signed to the webhook, with host, value, threshold, time and what to run', async () => {
    desk.figures = crowded;
    await desk.pass(3 * MINUTE);
    const said = expect.stringContaining(
      [
        'CRITICAL Memory: 98 % of the memory is in use (limit 95 %)',
        '  since  2026-03-02 12:00 UTC',
        '  run    pandect top',
      ].join('\n'),
    );
    expect(chatTexts()).toEqual([said]);
    expect(chatTexts()[0]).toContain('Pandect on server-1');
    expect(mail.mails.map(({ to }) => to[0]).toSorted()).toEqual(['boss@example.org', 'ops@example.org']);
    expect(mail.mails[0]?.raw).toMatch(/^Subject: \[Pandect\] server-1: CRITICAL: 98 % of the memory/m);
    expect(mail.mails[0]?.raw.replaceAll('\r', '')).toEqual(said);
    const [post] = receiver.posts;
    const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signature } = post?.headers ?? {};
    const expected = createHmac('sha256', Buffer.from(SECRET, 'base64'))
      .update(`${id}.${at}.${post?.body}`)
      .digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(JSON.parse(post?.body ?? '')).toMatchObject({
      type: 'alerts',
      data: {
        host: 'server-1',
        alerts: [
          {
            name: 'Memory',
            status: 'firing',
            severity: 'critical',
            value: 0.98,
            threshold: 0.95,
            command: 'pandect top',
          },
        ],
      },
    });
    desk.figures = { ...healthy };
    await desk.pass(MINUTE);
    expect(chatTexts().at(-1)).toContain('RESOLVED Memory');
    expect(JSON.parse(receiver.posts.at(-1)?.body ?? '').data.alerts).toMatchObject([
      { name: 'Memory', status: 'resolved' },
    ]);
  });

  it('reaches the others where one channel fails, which they tell, and that one when it works again', async () => {
    mailAnswer = [451, 'mail-password ops@example.org'];
    desk.figures = crowded;
    await desk.pass(3 * MINUTE);
    expect(chatTexts()).toHaveLength(1);
    expect(receiver.posts).toHaveLength(1);
    expect(stateOf('email')).toMatchObject({
      waiting: 1,
      failure: { message: expect.stringContaining('451 at "DATA"') },
    });
    await desk.pass(7 * MINUTE);
    expect(chatTexts().at(-1)).toContain('WARNING AlertChannel: Alerts cannot be sent by email');
    // Retried over a restart as well, with less and less haste.
    await desk.restart();
    expect(stateOf('email')).toBeUndefined();
    await desk.pass(5 * MINUTE);
    expect(stateOf('email')?.failure?.attempts).toBeGreaterThan(3);
    mailAnswer = undefined;
    await desk.pass(HOUR / 2);
    expect(mail.mails[0]?.raw).toContain('CRITICAL Memory');
    expect(stateOf('email')).toMatchObject({ waiting: 0, sentAt: expect.any(String) });
    expect(stateOf('email')).not.toHaveProperty('failure');
    expect(chatTexts().at(-1)).toContain('RESOLVED AlertChannel');
  });

  it('comes once to each address that is taken, whatever becomes of the others, and later ones behind it', async () => {
    unknownAddress = 'boss@example.org';
    const told = (address: string) =>
      mail.mails
        .filter(({ to }) => to[0] === address)
        .flatMap(({ raw }) => [...raw.matchAll(/^CRITICAL (\w+):/gm)].map(([, name]) => name));
    desk.figures = crowded;
    await desk.pass(20 * MINUTE);
    desk.figures = { ...crowded, 'pandect_instances{unit="ask"}': 0, ...backingOff };
    await desk.pass(20 * MINUTE);
    expect(told('ops@example.org')).toEqual(['Memory', 'UnitDown']);
    expect(stateOf('email')?.failure?.message).toContain('550 at "RCPT TO" (1 of 2 addresses)');
    unknownAddress = undefined;
    await desk.pass(HOUR);
    expect(told('boss@example.org').toSorted()).toEqual(['Memory', 'UnitDown']);
    expect(told('ops@example.org')).toEqual(['Memory', 'UnitDown']);
    expect(stateOf('email')).toMatchObject({ waiting: 0 });
    expect(stateOf('email')).not.toHaveProperty('failure');
  });

  it('comes when the file of SMTP_CA_PATH is there again, whose absence does not keep the platform from ending', async () => {
    const path = join(desk.home, 'authority.pem');
    desk.source = { ...desk.source, SMTP_CA_PATH: path };
    const [first] = await desk.alerts.test();
    expect(first).toEqual({ channel: 'email', failure: 'Open e-mail: ENOENT' });
    await desk.restart();
    await desk.alerts.test();
    await writeFile(path, localhostCertificate.cert);
    expect((await desk.alerts.test())[0]).toEqual({ channel: 'email', failure: null });
  });

  it('leaves no secret and no address in logs and lists', async () => {
    receiver.status = 500;
    mailAnswer = [550, 'mail-password ops@example.org'];
    telegram.fail(
      'sendMessage',
      { kind: 'cut' },
      { kind: 'answer', status: 401, body: { description: 'Unauthorized' } },
    );
    desk.figures = crowded;
    await desk.pass(5 * MINUTE);
    const said = JSON.stringify([desk.warnings, desk.alerts.list().channels], (_, value) =>
      value instanceof Error ? `${value.stack} ${value.cause}` : value,
    );
    for (const name of ['email', 'telegram', 'webhook', 'heartbeat']) expect(said).toContain(name);
    for (const secret of [
      token.slice(11),
      'mail-password',
      'example.org',
      'hook-path-secret',
      SECRET,
      'secret words',
      '/beat',
    ]) {
      expect(said).not.toContain(secret);
    }
  });

  it('waits as long as Telegram asks, and is cut to what it takes', async () => {
    telegram.flood(120, chat.id);
    const queues = Array.from({ length: 80 }, (_, index) => [`pandect_breaker_open{provider="provider-${index}"}`, 1]);
    desk.figures = { ...crowded, ...Object.fromEntries(queues) };
    await desk.pass(4 * MINUTE);
    expect(stateOf('telegram')?.failure).toMatchObject({ attempts: 1, message: expect.stringContaining('429') });
    telegram.skewMs = 150_000;
    await desk.pass(2 * MINUTE);
    expect(chatTexts()[0]).toHaveLength(4_096);
  });
});

describe('the heartbeat', () => {
  it('is sent each minute, and not while the figures cannot be read', async () => {
    await desk.pass(10 * MINUTE);
    expect(receiver.beats).toBeGreaterThanOrEqual(9);
    desk.figures = undefined;
    await desk.pass(15);
    const before = receiver.beats;
    await desk.pass(10 * MINUTE);
    expect(receiver.beats).toBe(before);
  });
});

describe('a test of the alerts', () => {
  it('tries every channel now', async () => {
    receiver.status = 403;
    expect(await desk.alerts.test()).toEqual([
      { channel: 'email', failure: null },
      { channel: 'telegram', failure: null },
      { channel: 'webhook', failure: 'Post to ALERT_WEBHOOK: 403' },
      { channel: 'heartbeat', failure: 'Ask ALERT_HEARTBEAT_URL: 403' },
    ]);
    expect(chatTexts()).toEqual([expect.stringContaining('This is a test')]);
    desk.source = { ...desk.source, OUTBOUND_WHITELIST: telegram.host };
    const [, , webhook] = await desk.alerts.test();
    expect(webhook?.failure).toBe('Post to ALERT_WEBHOOK: its host is not in OUTBOUND_WHITELIST');
  });
});

describe('the settings of alerts', () => {
  it.each([
    [{ ALERT_EMAIL: 'a@example.org' }, 'SMTP_HOST: missing: must be set with ALERT_EMAIL'],
    [{ ALERT_TELEGRAM_TOKEN: '1:a' }, 'ALERT_TELEGRAM_CHAT: missing: must be set with ALERT_TELEGRAM_TOKEN'],
    [{ ALERT_TELEGRAM_CHAT: '1' }, 'ALERT_TELEGRAM_TOKEN: missing: must be set with ALERT_TELEGRAM_CHAT'],
    [
      { ALERT_TELEGRAM_TOKEN: '1:a', ALERT_TELEGRAM_CHAT: '1', OUTBOUND_WHITELIST: 'a.example' },
      'must name "api.telegram.org", which alerts are sent over (ALERT_TELEGRAM_TOKEN)',
    ],
    [{ ALERT_WEBHOOK: 'https://a.example/secret', OUTBOUND_WHITELIST: 'a.example' }, 'ALERT_WEBHOOK_SECRET: missing'],
    [
      { ALERT_WEBHOOK: 'https://a.example/secret', ALERT_WEBHOOK_SECRET: 'whsec_a' },
      'must name "a.example", the host of ALERT_WEBHOOK',
    ],
    [{ ALERT_HEARTBEAT_URL: 'https://b.example/secret' }, 'must name "b.example", the host of ALERT_HEARTBEAT_URL'],
  ])('%j', (source, mistake) => {
    const mistakes = checkAlertSettings(source);
    expect(mistakes).toEqual([expect.stringContaining(mistake)]);
    expect(mistakes.join()).not.toContain('/secret');
  });
});
