import type { NotificationParameters } from '../../platform/capabilities/outbox/index.ts';
import type { Language } from '../../platform/kernel/problem.ts';
import { readLetter } from './read-letter.ts';

export interface Mail {
  subject: string;
  text: string;
  html: string;
}

const languages = {
  ru: {
    code: 'Если ссылка не открывается, введите код:',
    farewell: 'Это письмо отправлено автоматически, отвечать на него не нужно.',
  },
  en: {
    code: 'If the link does not open, enter this code:',
    farewell: 'This message was sent automatically; there is no need to answer it.',
  },
};

/** @param origin the platform's public address, without a slash at its end */
export function renderMail<Kind extends keyof NotificationParameters>(
  kind: Kind,
  language: Language,
  parameters: NotificationParameters[Kind],
  origin: string,
): Mail {
  const { code, farewell } = languages[language];
  const { subject, paragraphs, link } = readLetter(kind, language, parameters);
  const address = link && `${origin}${link.path}${link.token ? `#token=${encodeURIComponent(link.token)}` : ''}`;
  const codeLine = link?.token ? [`${code} ${link.token}`] : [];
  const text = [...paragraphs, ...(link ? [`${link.text}: ${address}`] : []), ...codeLine, farewell];
  const html = [
    ...paragraphs.map((paragraph) => `<p>${inHtml(paragraph)}</p>`),
    ...(link ? [`<p><a href="${inHtml(address ?? '')}">${inHtml(link.text)}</a></p>`] : []),
    ...codeLine.map((line) => `<p>${inHtml(line)}</p>`),
    `<p style="color:#666">${inHtml(farewell)}</p>`,
  ];
  return {
    subject,
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html><html lang="${language}"><meta charset="utf-8"><title>${inHtml(subject)}</title><body style="font:16px/1.5 sans-serif">${html.join('')}</body></html>`,
  };
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const inHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
