import type { NoticeKind } from './contract.ts';

/** What people are told of content that the text of a document lacks. */
export const noticeTexts: Record<NoticeKind, { ru: string; en: string }> = {
  'page-not-read': {
    en: 'the page could not be read; its text is missing',
    ru: 'страница не прочитана, её текст отсутствует',
  },
  'page-uncertain': {
    en: 'the text was recognized with low confidence; check it against the file',
    ru: 'текст распознан неуверенно, сверьте его с файлом',
  },
  'ink-not-read': {
    en: 'handwriting, a stamp or a signature was not read',
    ru: 'рукописный текст, печать или подпись не прочитаны',
  },
  'picture-not-read': {
    en: 'a picture was not read; text inside it is missing',
    ru: 'изображение не прочитано, текст на нём отсутствует',
  },
  'attachment-not-read': {
    en: 'an attachment was not read; upload it as a separate document',
    ru: 'вложение не прочитано, загрузите его отдельным документом',
  },
  'part-not-read': {
    en: 'a part of the file could not be read; its text is missing',
    ru: 'часть файла не прочитана, её текст отсутствует',
  },
  'field-not-read': {
    en: 'the value of a field was not read',
    ru: 'значение поля не прочитано',
  },
  'columns-uncertain': {
    en: 'the columns of a table could not be distinguished; check its figures against the file',
    ru: 'столбцы таблицы не распознаны, сверьте её данные с файлом',
  },
  'hidden-text': {
    en: 'hidden text was left out',
    ru: 'скрытый текст не включён',
  },
};

/** A notice as it is stored: a later version may have known more kinds. */
interface StoredNotice {
  kind: string;
  page: number | null;
  detail?: string;
}

/** One sentence: where, what, and which, as in `Page 3: a picture was not read; text inside it is missing (seal.png)`. */
export function describeNotice({ kind, page, detail }: StoredNotice, language: 'ru' | 'en'): string {
  const texts: Partial<Record<string, (typeof noticeTexts)[NoticeKind]>> = noticeTexts;
  const text = (texts[kind] ?? noticeTexts['part-not-read'])[language];
  const where = { en: `Page ${page}: `, ru: `Страница ${page}: ` }[language];
  const sentence = page === null ? (text[0] ?? '').toUpperCase() + text.slice(1) : where + text;
  return detail === undefined ? sentence : `${sentence} (${detail})`;
}
