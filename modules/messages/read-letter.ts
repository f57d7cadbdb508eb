import type { NotificationParameters } from '../../platform/capabilities/outbox/index.ts';
import type { Language } from '../../platform/kernel/problem.ts';
import type { Letter } from './letter.ts';
import { english } from './letters-en.ts';
import { russian } from './letters-ru.ts';

const letters = { ru: russian, en: english };

/** What a letter says, whichever way it is sent. */
export const readLetter = <Kind extends keyof NotificationParameters>(
  kind: Kind,
  language: Language,
  parameters: NotificationParameters[Kind],
): Letter => letters[language][kind](clean(parameters));

/** Names that people chose may hold line ends, which would begin another header or another line of ours. */
const clean = <T extends object>(parameters: T): T =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim() : value,
    ]),
  ) as T;
