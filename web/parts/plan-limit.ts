import type { ProblemError } from '@pandect/client';
import type { Language } from '../app/language.tsx';
import { type PluralForms, plural } from '../app/plural.ts';
import { formatBytes } from './bytes.ts';

const documents: Record<Language, PluralForms> = {
  en: { one: 'document', other: 'documents' },
  // Genitive: "не более 5 документов".
  ru: { one: 'документа', other: 'документов' },
};
const users: Record<Language, PluralForms> = {
  en: { one: 'person', other: 'people' },
  ru: { one: 'пользователя', other: 'пользователей' },
};

type Sentence = (limit: number) => string;

const sentences: Record<Language, Record<'documents' | 'bytes' | 'users', Sentence>> = {
  en: {
    documents: (limit) =>
      `The plan allows ${plural('en', limit, documents.en)}. Delete some that are no longer needed, or choose another plan.`,
    bytes: (limit) =>
      `The plan allows ${formatBytes('en', limit)} of files. Delete some that are no longer needed, or choose another plan.`,
    users: (limit) =>
      `The plan allows ${plural('en', limit, users.en)}, open invitations included. Choose another plan for more.`,
  },
  ru: {
    documents: (limit) =>
      `Тариф допускает не более ${plural('ru', limit, documents.ru)}. Удалите ненужные или выберите другой тариф.`,
    bytes: (limit) =>
      `Тариф допускает файлы объёмом не более ${formatBytes('ru', limit)}. Удалите ненужные или выберите другой тариф.`,
    users: (limit) =>
      `Тариф допускает не более ${plural('ru', limit, users.ru)}, считая приглашённых. Чтобы добавить людей, выберите другой тариф.`,
  },
};

export const isPlanLimit = (error: ProblemError): boolean => error.is('plan-limit-reached');

/** What the plan allows and what to do, for a refusal by a limit of the plan; undefined for all others. */
export function planLimitText(language: Language, error: ProblemError): string | undefined {
  if (!isPlanLimit(error)) return undefined;
  const { what, limit } = error.problem;
  if (typeof limit !== 'number' || typeof what !== 'string' || !isKnown(what)) return undefined;
  return sentences[language][what](limit);
}

const isKnown = (what: string): what is keyof (typeof sentences)['en'] => Object.hasOwn(sentences.en, what);
