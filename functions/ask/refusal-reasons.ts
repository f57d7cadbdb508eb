import { refusalText } from '../../platform/capabilities/ai/index.ts';
import type { AbsentPart } from '../../platform/capabilities/answers/index.ts';

/** Why there is no answer, where more is known than that. */
export type RefusalReason =
  | { kind: 'unknown-parties'; parties: readonly string[] }
  | { kind: 'absent-part'; part: AbsentPart }
  | { kind: 'replaced'; documents: readonly ReplacedDocument[] };

/** A document that a question is about and that a newer version has replaced. */
export interface ReplacedDocument {
  title: string;
  version: number;
  /** The version in use. */
  current: { id: string; title: string; version: number };
}

/** The refusal with its reason, as one paragraph. */
export function refusalWithReason(reason: RefusalReason, language: 'en' | 'ru'): string {
  return `${refusalText(language)} ${sentences[language](reason)}`;
}

const articleName = {
  ru: { article: 'статье', section: 'разделе', clause: 'пункте' },
  en: { article: 'Article', section: 'Section', clause: 'Clause' },
} as const;

function articleOf({ article }: AbsentPart, language: 'en' | 'ru'): string {
  const kind = article.kind === 'section' || article.kind === 'clause' ? article.kind : 'article';
  return `${articleName[language][kind]} ${article.number}`;
}

const sentences: Record<'en' | 'ru', (reason: RefusalReason) => string> = {
  ru(reason) {
    switch (reason.kind) {
      case 'unknown-parties':
        return `Ни в одном документе не названа сторона ${reason.parties.join(', ')}.`;
      case 'absent-part':
        return `В ${articleOf(reason.part, 'ru')} есть ${reason.part.kind === 'part' ? 'части' : 'пункты'} 1–${reason.part.count}.`;
      case 'replaced':
        return reason.documents
          .map(
            ({ title, version, current }) =>
              `Документ «${title}» (версия ${version}) заменён новой версией: «${current.title}» (версия ${current.version}). Задайте вопрос по ней.`,
          )
          .join(' ');
    }
  },
  en(reason) {
    switch (reason.kind) {
      case 'unknown-parties':
        return `No document names the party ${reason.parties.join(', ')}.`;
      case 'absent-part':
        return `${articleOf(reason.part, 'en')} has ${reason.part.kind === 'part' ? 'parts' : 'points'} 1–${reason.part.count}.`;
      case 'replaced':
        return reason.documents
          .map(
            ({ title, version, current }) =>
              `Document "${title}" (version ${version}) was replaced by a newer version: "${current.title}" (version ${current.version}). Ask about that one.`,
          )
          .join(' ');
    }
  },
};
