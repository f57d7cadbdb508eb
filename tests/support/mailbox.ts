import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SharedPlatform } from './shared-platform.ts';
import { until } from './until.ts';

/** The token of an e-mail to an address whose link leads to this page, once it has come. */
export function mailedToken({ mails }: SharedPlatform, email: string, page: string): Promise<string> {
  return until(`an e-mail to "${email}" for "${page}"`, async () => {
    for (const name of await readdir(mails)) {
      const raw = await readFile(join(mails, name), 'utf8');
      if (!new RegExp(`^To: .*${email}`, 'm').test(raw)) continue;
      const [, token] = new RegExp(`/${page}#token=([\\w-]+)`).exec(textOf(raw)) ?? [];
      if (token) return token;
    }
    return undefined;
  });
}

/** The plain text of an e-mail, however it was encoded for its way. */
function textOf(raw: string): string {
  const part = /^Content-Type: text\/plain[^\n]*\n(?:[\w-]+:[^\n]*\n)*\r?\n([\s\S]*?)\r?\n--/m.exec(raw);
  const [head = '', body = ''] = part ?? [];
  if (/^Content-Transfer-Encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString();
  return body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
