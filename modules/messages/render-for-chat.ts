import type { NotificationParameters } from '../../platform/capabilities/outbox/index.ts';
import type { Language } from '../../platform/kernel/problem.ts';
import { readLetter } from './read-letter.ts';
import type { RichText } from './telegram/contract.ts';
import { bold, join, link as linked } from './telegram/index.ts';

/**
 * A letter as a message in a chat.
 * @param origin the platform's public address, without a slash at its end
 * @returns undefined for one with a secret, which belongs in the mailbox that it was made for alone
 */
export function renderForChat<Kind extends keyof NotificationParameters>(
  kind: Kind,
  language: Language,
  parameters: NotificationParameters[Kind],
  origin: string,
): RichText | undefined {
  const { subject, paragraphs, link } = readLetter(kind, language, parameters);
  if (link?.token) return undefined;
  return join([bold(subject), ...paragraphs, ...(link ? [linked(link.text, `${origin}${link.path}`)] : [])], '\n\n');
}
