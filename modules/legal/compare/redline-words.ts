import type { ClauseChange } from './contract.ts';

/** Words of the Word document that shows a comparison. */
export interface RedlineWords {
  title: string;
  before: string;
  after: string;
  version(number: number, added: string): string;
  howToRead: string;
  counts: Record<Exclude<ClauseChange, 'same'>, string>;
  wordsInserted: string;
  wordsRemoved: string;
  nothing: string;
  moved: string;
}

export const redlineWords: Record<'ru' | 'en', RedlineWords> = {
  en: {
    title: 'Comparison',
    before: 'Earlier text',
    after: 'Later text',
    version: (number, added) => `version ${number}, added ${added}`,
    howToRead:
      'Differences are tracked changes: accept all of them for the later text, or reject all of them for the earlier one. A clause that moved stands at its new place only.',
    counts: {
      changed: 'Clauses changed',
      renumbered: 'Only renumbered',
      moved: 'Moved',
      inserted: 'Inserted',
      removed: 'Removed',
    },
    wordsInserted: 'Words inserted',
    wordsRemoved: 'Words removed',
    nothing: 'The texts do not differ.',
    moved: 'Moved to this place:',
  },
  ru: {
    title: 'Сравнение редакций',
    before: 'Прежний текст',
    after: 'Новый текст',
    version: (number, added) => `версия ${number}, добавлена ${added}`,
    howToRead:
      'Отличия показаны как исправления: примите все — получится новый текст, отклоните все — прежний. Перемещённый пункт показан только на новом месте.',
    counts: {
      changed: 'Изменено пунктов',
      renumbered: 'Изменена только нумерация',
      moved: 'Перемещено',
      inserted: 'Добавлено',
      removed: 'Исключено',
    },
    wordsInserted: 'Добавлено слов',
    wordsRemoved: 'Исключено слов',
    nothing: 'Тексты не различаются.',
    moved: 'Перемещено на это место:',
  },
};
