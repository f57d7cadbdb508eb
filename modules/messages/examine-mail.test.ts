import { describe, expect, it } from 'vitest';
import { startMailServer } from '../testing/mail-server.ts';
import { examineMail } from './examine-mail.ts';

const check = (SMTP_HOST: string | undefined, port = 587) => examineMail({ SMTP_HOST, SMTP_PORT: String(port) });

describe('what the doctor says of the mail server', () => {
  it('warns when there is none', async () => {
    expect(await check(undefined)).toMatchObject({ state: 'warn', detail: expect.stringContaining('SMTP_HOST') });
  });

  it('finds one that listens, and one that does not', async () => {
    const { port, close } = await startMailServer();
    expect(await check('127.0.0.1', port)).toMatchObject({ state: 'ok' });
    await close();
    expect(await check('127.0.0.1', port)).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
  });
});
