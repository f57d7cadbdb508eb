import { describe, expect, it } from 'vitest';
import { readWith } from '../fixtures/read-with.ts';
import { readEmail } from './read-email.ts';

const mail = (...lines: string[]) => lines.join('\r\n');

describe('an e-mail', () => {
  it('has its subject, people, date and text, and names what is attached', async () => {
    const message = mail(
      'From: =?UTF-8?B?0JjQstCw0L0=?= <ivan@example.com>',
      'To: a@example.com, Legal <b@example.com>',
      'Subject: =?utf-8?Q?=D0=94=D0=BE=D0=B3=D0=BE=D0=B2=D0=BE=D1=80?=',
      'Date: Fri, 1 Mar 2024 14:05:00 +0300',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain; charset=windows-1251',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      '=CF=F0=EE=F8=F3 =EF=EE=E4=EF=E8=F1=E0=F2=FC.',
      '--x',
      'Content-Type: application/pdf',
      'Content-Disposition: attachment; filename="lease.pdf"',
      'Content-Transfer-Encoding: base64',
      '',
      'JVBERi0=',
      '--x--',
    );
    expect(await readWith(readEmail, message)).toEqual({
      text: 'Тема: Договор\nОт: Иван <ivan@example.com>\nКому: a@example.com, Legal <b@example.com>\nДата: 2024-03-01 11:05 UTC\n\nПрошу подписать.\n\nВложения: lease.pdf',
      hasPages: false,
      title: 'Договор',
      notices: [{ kind: 'attachment-not-read', page: null, detail: 'lease.pdf' }],
    });
  });

  it('in HTML alone has what it shows', async () => {
    const message = mail('Subject: Rent', 'Content-Type: text/html', '', '<p>Pay <b>now</b></p><script>x()</script>');
    expect((await readWith(readEmail, message)).text).toBe('Subject: Rent\n\nPay now');
  });

  it('that does not name its encoding is read in the one that reads best', async () => {
    const body = Buffer.from([0xc4, 0xee, 0xe3, 0xee, 0xe2, 0xee, 0xf0]);
    const message = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), body]);
    expect((await readWith(readEmail, message)).text).toContain('Договор');
  });
});
