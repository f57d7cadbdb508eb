import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { localhostCertificate, type MailServer, startMailServer } from '../../modules/testing/mail-server.ts';
import { testOrganization } from '../../modules/testing/organization.ts';
import { testDatabase } from '../../platform/testing/database.ts';
import type { TestEnvironment } from '../../platform/testing/process.ts';
import { type TestWorker, testWorker } from '../../platform/testing/worker.ts';
import * as module from './handle.ts';
import manifest from './worker.ts';

const database = await testDatabase();
const mine = await testOrganization(database);
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).toReversed()) await thing.close();
});
afterAll(() => database.close());

type Worker = TestWorker<typeof module.provide>;
async function worker(environment: TestEnvironment = {}): Promise<Worker> {
  const made = await testWorker(database, { name: 'notify', manifest, module }, { environment });
  open.push(made);
  return made;
}
async function server(options: Parameters<typeof startMailServer>[0] = {}): Promise<MailServer> {
  const made = await startMailServer(options);
  open.push(made);
  return made;
}
/** A worker whose mail server is this one. */
const workerFor = ({ port }: { port: number }, environment: TestEnvironment = {}) =>
  worker({ SMTP_HOST: 'localhost', SMTP_PORT: String(port), SMTP_TLS: 'none', ...environment });

const EMAIL = 'anna@example.org';
const TOKEN = 'kept-to-ourselves';
async function queued({
  kind = 'reset-password',
  language = 'ru',
  parameters = { token: TOKEN } as Record<string, string | number>,
} = {}): Promise<string> {
  const [row] = await database.owner<{ id: string }[]>`
    insert into notifications (organization_id, kind, reference, email, language, parameters)
    values (${mine.id}, ${kind}, ${crypto.randomUUID()}, ${EMAIL}, ${language}, ${database.owner.json(parameters)}) returning id`;
  return row?.id ?? '';
}
async function rowOf(id: string) {
  const [row] = await database.owner`
    select state, parameters, closed_at is not null as closed from notifications where id = ${id}`;
  return row && { ...row };
}
const [sent, refused, waiting] = [
  { state: 'sent', parameters: {}, closed: true },
  { state: 'failed', parameters: {}, closed: true },
  { state: 'queued', parameters: { token: TOKEN }, closed: false },
];
const header = (raw: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(raw)?.[1];
/** Nothing in a log may say who was written to, or what. */
const expectDiscreetLog = ({ log }: Worker) => {
  expect(JSON.stringify(log)).not.toContain(EMAIL);
  expect(JSON.stringify(log)).not.toContain(TOKEN);
};

describe('an e-mail', () => {
  it('is handed to the mail server with its id, and its token is forgotten', async () => {
    const mail = await server();
    const { deliver } = await workerFor(mail, {
      SMTP_FROM: 'mail@pandect.example',
      PUBLIC_URL: 'https://pandect.example/',
      PROJECT_NAME: 'Lex',
    });
    const id = await queued();
    await deliver({ notificationId: id });
    expect(await rowOf(id)).toEqual(sent);
    expect(mail.mails).toMatchObject([{ from: 'mail@pandect.example', to: [EMAIL], secure: false, user: undefined }]);
    const raw = mail.mails[0]?.raw ?? '';
    expect(header(raw, 'message-id')).toBe(`<${id}@pandect.example>`);
    expect(header(raw, 'to')).toBe(EMAIL);
    expect(header(raw, 'from')).toBe('Lex <mail@pandect.example>');
    expect(header(raw, 'auto-submitted')).toBe('auto-generated');
    expect(raw.match(/^Content-Type: (text\/\w+)/gm)).toEqual(['Content-Type: text/plain', 'Content-Type: text/html']);
  });

  it('is sent once, however often and by however many its job is delivered', async () => {
    const mail = await server();
    const workers = [await workerFor(mail), await workerFor(mail)];
    const id = await queued();
    await Promise.all([0, 1, 0, 1].map((which) => workers[which]?.deliver({ notificationId: id })));
    for (const { deliver } of workers) await deliver({ notificationId: id });
    expect(mail.mails).toHaveLength(1);
    expect(await rowOf(id)).toEqual(sent);
  });

  it('names a plan as people know it', async () => {
    const mail = await server();
    const { deliver } = await workerFor(mail);
    const parameters = { state: 'active', tier: 'professional', until: '2026-03-01T00:00:00.000Z' };
    await deliver({ notificationId: await queued({ kind: 'subscription', language: 'en', parameters }) });
    expect(mail.mails[0]?.text).toContain('The plan “Professional” is active until 1 March 2026.');
  });

  it('has no header that somebody’s name brought along', async () => {
    const mail = await server();
    const { deliver } = await workerFor(mail);
    const organization = 'A\r\nBcc: other@example.org\r\n\r\nText';
    const parameters = { organization, inviter: 'B', token: TOKEN };
    await deliver({ notificationId: await queued({ kind: 'invitation', language: 'en', parameters }) });
    expect(mail.mails[0]?.to).toEqual([EMAIL]);
    expect(header(mail.mails[0]?.raw ?? '', 'bcc')).toBeUndefined();
  });

  it('is nothing to be sorry for when its organization is gone', async () => {
    const { deliver } = await workerFor(await server());
    await deliver({ notificationId: crypto.randomUUID() });
  });
});

describe('a mail server that does not take it', () => {
  it('is asked again when it says later', async () => {
    let busy = true;
    const mail = await server({ onRecipient: (email) => (busy ? [451, `Try ${email} later`] : undefined) });
    const notify = await workerFor(mail);
    const id = await queued();
    await expect(notify.deliver({ notificationId: id })).rejects.toThrow('Send e-mail: 451 at "RCPT TO"');
    expect(await rowOf(id)).toEqual(waiting);
    busy = false;
    await notify.deliver({ notificationId: id });
    expect(await rowOf(id)).toEqual(sent);
    expect(mail.mails).toHaveLength(1);
    expectDiscreetLog(notify);
  });

  it.each([
    ['the address', { onRecipient: (email: string) => [550, `No <${email}> here`] as [number, string] }],
    ['the text', { onData: (): [number, string] => [554, 'Not wanted'] }],
  ])('is not asked again when it refuses %s for good', async (_, options) => {
    const notify = await workerFor(await server(options));
    const id = await queued();
    await notify.deliver({ notificationId: id });
    expect(await rowOf(id)).toEqual(refused);
    expect(notify.log.map(({ message }) => message)).toContain('E-mail is refused for good');
    expectDiscreetLog(notify);
    await notify.deliver({ notificationId: id });
    expect(await rowOf(id)).toEqual(refused);
  });

  it('is given up after the last attempt, and an operator may have it tried after all', async () => {
    const gone = await server();
    const notify = await workerFor(gone);
    await gone.close();
    const id = await queued();
    await expect(notify.deliver({ notificationId: id })).rejects.toThrow('ESOCKET at "CONN"');
    expect(await rowOf(id)).toEqual(waiting);
    await expect(notify.deliver({ notificationId: id }, { lastAttempt: true })).rejects.toThrow('ESOCKET');
    expect(await rowOf(id)).toEqual({ ...waiting, state: 'failed', closed: true });
    const back = await server({ port: gone.port });
    await notify.deliver({ notificationId: id });
    expect(await rowOf(id)).toEqual(sent);
    expect(back.mails).toHaveLength(1);
  });

  it('is not waited for when the job is called off', async () => {
    const calledOff = new AbortController();
    const mail = await server({
      onData: async () => {
        calledOff.abort();
        return [451, 'Too late'];
      },
    });
    const { deliver } = await workerFor(mail);
    const id = await queued();
    await expect(deliver({ notificationId: id }, { signal: calledOff.signal })).rejects.toThrow('Send e-mail');
    expect(await rowOf(id)).toEqual(waiting);
  });

  it('does not exist: the e-mail is marked as failed, which is logged once', async () => {
    const notify = await worker();
    const ids = [await queued(), await queued()];
    for (const id of ids) await notify.deliver({ notificationId: id });
    for (const id of ids) expect(await rowOf(id)).toEqual(refused);
    expect(notify.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expectDiscreetLog(notify);
  });
});

describe('a worker that dies while it hands an e-mail over', () => {
  it('leaves it to the next one, under the same id', async () => {
    let reached = () => {};
    const taken = new Promise<void>((resolve) => {
      reached = resolve;
    });
    let die = async () => {};
    const mail = await server({
      onData: async () => {
        await die();
        die = async () => {};
        reached();
        return undefined;
      },
    });
    // All that a dead process leaves of itself in the database is that its connections end.
    die = async () => {
      await database.owner`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = ${database.name} and application_name = 'pandect notify' and state = 'idle in transaction'`;
    };
    const [first, second] = [await workerFor(mail), await workerFor(mail)];
    const id = await queued();
    const dying = expect(first.deliver({ notificationId: id })).rejects.toThrow();
    await taken;
    await dying;
    expect(await rowOf(id)).toEqual(waiting);
    await second.deliver({ notificationId: id });
    expect(await rowOf(id)).toEqual(sent);
    expect(mail.mails.map(({ raw }) => header(raw, 'message-id'))).toEqual(Array(2).fill(`<${id}@localhost>`));
  });
});

describe('the connection to the mail server', () => {
  const login = { user: 'pandect', password: 'secret words' };

  it('logs in where a login is given', async () => {
    const mail = await server({ login, allowInsecureAuth: true });
    const { deliver } = await workerFor(mail, { SMTP_USER: login.user, SMTP_PASSWORD: login.password });
    await deliver({ notificationId: await queued() });
    expect(mail.mails).toMatchObject([{ user: 'pandect' }]);
  });

  it('fails for now with a wrong password: an operator mends it', async () => {
    const notify = await workerFor(await server({ login, allowInsecureAuth: true }), {
      ...{ SMTP_USER: login.user, SMTP_PASSWORD: 'wrong one' },
    });
    const id = await queued();
    await expect(notify.deliver({ notificationId: id })).rejects.toThrow('535 at "AUTH');
    expect(await rowOf(id)).toEqual(waiting);
    expect(JSON.stringify(notify.log)).not.toContain('wrong one');
  });

  it.each(['auto', 'required'])('trusts a certificate only when told to, with TLS %s', async (SMTP_TLS) => {
    const mail = await server({ login });
    const id = await queued();
    const strict = await workerFor(mail, { SMTP_TLS, SMTP_USER: login.user, SMTP_PASSWORD: login.password });
    await expect(strict.deliver({ notificationId: id })).rejects.toThrow('Send e-mail: E');
    expect(mail.mails).toEqual([]);
    const SMTP_CA_PATH = join(strict.folder, 'mail-server.pem');
    await writeFile(SMTP_CA_PATH, localhostCertificate.cert);
    const told = await workerFor(mail, {
      ...{ SMTP_TLS, SMTP_CA_PATH, SMTP_USER: login.user, SMTP_PASSWORD: login.password },
    });
    await told.deliver({ notificationId: id });
    expect(mail.mails).toMatchObject([{ secure: true, user: 'pandect' }]);
  });

  it('continues without TLS where the server has none, unless it is required', async () => {
    const mail = await server({ hideSTARTTLS: true });
    const id = await queued();
    const strict = await workerFor(mail, { SMTP_TLS: 'required' });
    await expect(strict.deliver({ notificationId: id })).rejects.toThrow('Send e-mail');
    expect(mail.mails).toEqual([]);
    const lenient = await workerFor(mail, { SMTP_TLS: 'auto' });
    await lenient.deliver({ notificationId: id });
    expect(mail.mails).toMatchObject([{ secure: false }]);
  });
});
