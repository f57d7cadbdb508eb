import type { Language } from '../../../../platform/kernel/problem.ts';

/** A quote that an answer rests on, with what is known of its document. */
export interface WrittenNote {
  title: string;
  /** From 1; null without pages. */
  page: number | null;
  quote: string;
  /** Missing when it was deleted since. */
  document?: { version: number; uploadedAt: Date; dated: string | null };
}

export interface WrittenMessage {
  role: 'user' | 'assistant';
  content: string;
  at: Date;
  isIncomplete: boolean;
  /** Marker `[k]` of the content stands for `notes[k - 1]`. */
  notes: WrittenNote[];
}

/** A conversation as documents show it, whatever their format. */
export interface WrittenConversation {
  title: string;
  owner: string;
  exportedAt: Date;
  language: Language;
  messages: WrittenMessage[];
  /** Whether there were earlier messages. */
  isCut: boolean;
}

const words = {
  en: {
    exported: (owner: string, at: string) => `Conversation of ${owner}, exported on ${at}`,
    cut: 'Earlier messages are left out.',
    question: 'Question',
    answer: 'Answer',
    incomplete: 'The answer was stopped before its end.',
    notes: 'Sources',
    page: (page: number) => `page ${page}`,
    version: (version: number) => `version ${version}`,
    dated: (day: string) => `dated ${day}`,
    uploaded: (day: string) => `uploaded on ${day}`,
    deleted: 'the document was deleted',
  },
  ru: {
    exported: (owner: string, at: string) => `Беседа пользователя ${owner}, выгружена ${at}`,
    cut: 'Более ранние сообщения не включены.',
    question: 'Вопрос',
    answer: 'Ответ',
    incomplete: 'Ответ остановлен до завершения.',
    notes: 'Источники',
    page: (page: number) => `стр. ${page}`,
    version: (version: number) => `версия ${version}`,
    dated: (day: string) => `от ${day}`,
    uploaded: (day: string) => `загружен ${day}`,
    deleted: 'документ удалён',
  },
};

export const wordsOf = (language: Language) => words[language];

const days = {
  en: new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }),
  ru: new Intl.DateTimeFormat('ru-RU', { dateStyle: 'long', timeZone: 'UTC' }),
};

export const dayOf = (date: Date, language: Language): string => days[language].format(date);

/** Document, version, dates and page of a note, without its quote. */
export function placeOf({ title, page, document }: WrittenNote, language: Language): string {
  const own = words[language];
  const parts = [
    ...(document
      ? [
          ...(document.dated ? [own.dated(dayOf(new Date(document.dated), language))] : []),
          own.version(document.version),
          own.uploaded(dayOf(document.uploadedAt, language)),
        ]
      : [own.deleted]),
    ...(page === null ? [] : [own.page(page)]),
  ];
  return `${title}, ${parts.join(', ')}`;
}

/** A quote between the quotation marks of the language. */
export const quoted = (quote: string, language: Language): string => (language === 'ru' ? `«${quote}»` : `“${quote}”`);
