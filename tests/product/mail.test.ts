import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  localhostCertificate,
  type MailServer,
  type ReceivedMail,
  startMailServer,
} from '../../modules/testing/mail-server.ts';
import { type TemporaryHome, temporaryHome } from '../../platform/services/temporary-home.ts';
import { type CheckoutCopy, copyCheckout } from '../support/checkout-copy.ts';
import { rowsOf } from '../support/control.ts';
import { createAccount, send } from '../support/http/client.ts';
import { startTestPlatform, type TestPlatform } from '../support/platform.ts';
import { until } from '../support/until.ts';

const login = { user: 'pandect', password: 'known to both' };
let home: TemporaryHome;
let copy: CheckoutCopy;
let server: MailServer;
let platform: TestPlatform;
/** What happens while an e-mail is handed over. */
let whileSending: (mail: ReceivedMail) => Promise<[number, string] | undefined> = async () => undefined;

beforeAll(async () => {
  home = await temporaryHome();
  copy = await copyCheckout({ units: ['auth', 'notify'] });
  server = await startMailServer({ login, onData: (mail) => whileSending(mail) });
  const SMTP_CA_PATH = join(copy.root, 'mail-server.pem');
  await writeFile(SMTP_CA_PATH, localhostCertificate.cert);
  const mail = { SMTP_HOST: 'localhost', SMTP_PORT: String(server.port), SMTP_TLS: 'required', SMTP_CA_PATH };
  const env = { ...mail, SMTP_USER: login.user, SMTP_PASSWORD: login.password, PUBLIC_URL: 'https://pandect.example' };
  platform = await startTestPlatform({ home, root: copy.root, env });
});

afterAll(async () => {
  await platform?.stop();
  await server?.close();
  await copy?.remove();
  await home?.remove();
});

const register = () => createAccount(platform, { tier: 'demo' });
const mailsTo = (email: string) => server.mails.filter(({ to }) => to.includes(email));
const mailTo = (email: string) => until('the e-mail', async () => mailsTo(email)[0], 90);
describe('who registers', () => {
  it('gets an e-mail over TLS whose token confirms the address, once', async () => {
    const { email } = await register();
    const mail = await mailTo(email);
    expect(mail).toMatchObject({ secure: true, user: login.user, to: [email] });
    const token = /https:\/\/pandect\.example\/confirm-email#token=(\S+)/.exec(mail.text)?.[1];
    expect(mail.text).toContain(`enter this code: ${token}`);
    const confirm = () => send(platform.url, 'POST /api/auth/confirm-email', { json: { token } });
    expect([(await confirm()).status, (await confirm()).status]).toEqual([200, 400]);
  });

  it('gets it although the worker is killed while it hands it over, under one id', async () => {
    let killed = 0;
    whileSending = async () => {
      whileSending = async () => undefined;
      const [row] = await rowsOf(platform, 'notify');
      killed = row?.pid ?? 0;
      process.kill(killed, 'SIGKILL');
      return [451, 'No one is there any more'];
    };
    const { email } = await register();
    await mailTo(email);
    expect(killed).toBeGreaterThan(0);
    expect((await rowsOf(platform, 'notify')).map(({ pid }) => pid)).not.toContain(killed);
    expect(mailsTo(email)).toHaveLength(1);
  });
});
