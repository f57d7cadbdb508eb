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

  it('names attached files as their authors wrote the names', async () => {
    const names = [
      `filename="akt.zip"; filename*=UTF-8''%D0%90%D0%BA%D1%82.zip`,
      'filename="%D0%A1%D1%87%D1%91%D1%82.zip"',
      `filename="'Счёт.zip'"`,
    ];
    const parts = names.map((name) => `--x\r\nContent-Disposition: attachment; ${name}\r\n\r\nPK`);
    const message = mail('Subject: Files', 'Content-Type: multipart/mixed; boundary=x', '', ...parts, '--x--');
    expect((await readWith(readEmail, message)).text).toBe(
      'Subject: Files\n\nAttachments: Акт.zip, Счёт.zip, Счёт.zip',
    );
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

  it('has attached documents and messages under their names, and theirs in turn', async () => {
    const inner = mail(
      'From: c@example.com',
      'Subject: Offer',
      'Content-Type: multipart/mixed; boundary=y',
      '',
      '--y',
      'Content-Type: text/plain',
      '',
      'See the price.',
      '--y',
      'Content-Type: text/html; name="price.html"',
      'Content-Disposition: attachment; filename="price.html"',
      '',
      '<p>4500 EUR per month</p>',
      '--y--',
    );
    const message = mail(
      'Subject: Fwd',
      'Content-Type: multipart/mixed; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain',
      '',
      'Please check.',
      '--x',
      'Content-Type: message/rfc822',
      '',
      inner,
      '--x',
      'Content-Type: application/octet-stream; name="terms.txt"',
      'Content-Disposition: attachment; filename="terms.txt"',
      'Content-Transfer-Encoding: base64',
      '',
      Buffer.from('Notice: 30 days.').toString('base64'),
      '--x',
      'Content-Type: application/zip; name="all.zip"',
      'Content-Disposition: attachment; filename="all.zip"',
      'Content-Transfer-Encoding: base64',
      '',
      'UEsDBA==',
      '--x--',
    );
    const { text, notices } = await readWith(readEmail, message);
    expect(text).toBe(
      'Subject: Fwd\n\nPlease check.\n\nAttachments: terms.txt, all.zip\n\nAttached message\n\n' +
        'Subject: Offer\nFrom: c@example.com\n\nSee the price.\n\nAttachments: price.html\n\n' +
        'Attachment: price.html\n\n4500 EUR per month\n\nAttachment: terms.txt\n\nNotice: 30 days.',
    );
    expect(notices).toEqual([{ kind: 'attachment-not-read', page: null, detail: 'all.zip' }]);
  });

  it('notices messages in it that are nested past any sense', async () => {
    let message = mail('Subject: innermost', '', 'deep down');
    for (let level = 0; level < 6; level += 1) {
      message = mail(
        `Subject: level ${level}`,
        `Content-Type: multipart/mixed; boundary=b${level}`,
        '',
        `--b${level}`,
        'Content-Type: message/rfc822',
        '',
        message,
        `--b${level}--`,
      );
    }
    const { text, notices } = await readWith(readEmail, message);
    expect(text).not.toContain('deep down');
    expect(notices.map(({ kind }) => kind)).toEqual(['attachment-not-read']);
  });

  it('that refers to its HTML has what that shows', async () => {
    const message = mail(
      'Content-Type: multipart/alternative; boundary=x',
      '',
      '--x',
      'Content-Type: text/plain',
      '',
      'Open in a browser.',
      '--x',
      'Content-Type: text/html',
      '',
      '<p>The landlord terminates the lease with effect from the thirty-first of March.</p>',
      '--x--',
    );
    expect((await readWith(readEmail, message)).text).toContain('thirty-first of March');
  });

  const smime = (type: string, content: Buffer) =>
    mail(
      'Subject: Signed',
      `Content-Type: application/pkcs7-mime; smime-type=${type}; name="smime.p7m"`,
      'Content-Transfer-Encoding: base64',
      'Content-Disposition: attachment; filename="smime.p7m"',
      '',
      content.toString('base64'),
    );
  const der = (tag: number, ...parts: Buffer[]) => {
    const value = Buffer.concat(parts);
    const length = Buffer.from([0x84, 0, 0, 0, 0]);
    length.writeUInt32BE(value.length, 1);
    return Buffer.concat([Buffer.from([tag]), length, value]);
  };
  const oid = (last: number) => der(0x06, Buffer.from([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, last]));
  const inside = Buffer.from(mail('Content-Type: text/plain', '', 'Rent rises to 900 EUR.'));
  const version = der(0x02, Buffer.from([1]));

  it('signed as a whole has the text inside its signature, in one piece or several', async () => {
    const pieces = der(0x24, der(0x04, inside.subarray(0, 9)), der(0x04, inside.subarray(9)));
    for (const content of [der(0x04, inside), pieces]) {
      const signed = der(0x30, version, der(0x31), der(0x30, oid(1), der(0xa0, content)), der(0x31));
      const message = smime('signed-data', der(0x30, oid(2), der(0xa0, signed)));
      const { text, notices } = await readWith(readEmail, message);
      expect(text).toBe('Subject: Signed\n\nRent rises to 900 EUR.');
      expect(notices).toEqual([]);
    }
  });

  it('encrypted for its receiver fails and says so', async () => {
    const enveloped = der(0x30, oid(3), der(0xa0, der(0x30, version, der(0x31))));
    const pgp = mail(
      'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=x',
      '',
      '--x',
      'Content-Type: application/pgp-encrypted',
      '',
      'Version: 1',
      '--x',
      'Content-Type: application/octet-stream; name="encrypted.asc"',
      '',
      '-----BEGIN PGP MESSAGE-----',
      '--x--',
    );
    const inline = mail('Subject: x', '', '-----BEGIN PGP MESSAGE-----', '', 'hQEMA', '-----END PGP MESSAGE-----');
    for (const message of [
      smime('enveloped-data', enveloped),
      smime('enveloped-data', Buffer.from('junk')),
      pgp,
      inline,
    ]) {
      await expect(readWith(readEmail, message)).rejects.toMatchObject({ code: 'encrypted-message' });
    }
  });

  it('with an encrypted part has the rest and a notice; a signature is no attachment', async () => {
    const body = [
      '-----BEGIN PGP SIGNED MESSAGE-----',
      'Hash: SHA256',
      '',
      'Agreed.',
      '- -- A',
      '-----BEGIN PGP SIGNATURE-----',
      'x',
      '-----END PGP SIGNATURE-----',
    ];
    expect(await readWith(readEmail, mail('Subject: x', '', ...body))).toMatchObject({
      text: 'Subject: x\n\nAgreed.\n-- A',
      notices: [],
    });
    const secret = ['Terms as agreed:', '-----BEGIN PGP MESSAGE-----', 'hQEMA', '-----END PGP MESSAGE-----'];
    expect(await readWith(readEmail, mail('Subject: x', '', ...secret))).toMatchObject({
      text: 'Subject: x\n\nTerms as agreed:',
      notices: [{ kind: 'part-not-read' }],
    });
  });
});
