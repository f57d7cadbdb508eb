import type { AbsentPart, AbsentUnit } from '../answers/index.ts';
import { refusalText } from '../answers/index.ts';

/** Why there is no answer, where more is known than that. */
export type RefusalReason =
  | { kind: 'unknown-parties'; parties: readonly string[] }
  | { kind: 'absent-part'; part: AbsentPart }
  | { kind: 'absent-units'; units: readonly AbsentUnit[] }
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

type Kind = AbsentUnit['asked']['kind'];
/** Of a unit that is not there, and of those that are. */
const unitNames: Record<'ru' | 'en', Record<Kind, [absent: string, present: string]>> = {
  ru: {
    article: ['статьи', 'статьи'],
    section: ['раздела', 'разделы'],
    clause: ['пункта', 'пункты'],
    point: ['пункта', 'пункты'],
    part: ['части', 'части'],
    chapter: ['главы', 'главы'],
    annex: ['приложения', 'приложения'],
  },
  en: {
    article: ['Article', 'Articles'],
    section: ['Section', 'Sections'],
    clause: ['Clause', 'Clauses'],
    point: ['point', 'points'],
    part: ['part', 'parts'],
    chapter: ['Chapter', 'Chapters'],
    annex: ['Annex', 'Annexes'],
  },
};

function describeAbsent({ asked, title, present }: AbsentUnit, language: 'ru' | 'en'): string {
  const [absent, others] = unitNames[language][asked.kind];
  const number = asked.kind === 'annex' ? asked.number.toUpperCase() : asked.number;
  const known = asked.kind === 'annex' ? present.toUpperCase() : present;
  return language === 'ru'
    ? `В документе «${title}» нет ${absent} ${number}; в нём есть ${others} ${known}.`
    : `Document "${title}" has no ${absent} ${number}; it has ${others} ${known}.`;
}

const sentences: Record<'en' | 'ru', (reason: RefusalReason) => string> = {
  ru(reason) {
    switch (reason.kind) {
      case 'unknown-parties':
        return `Ни в одном документе не названа сторона ${reason.parties.join(', ')}.`;
      case 'absent-part':
        return `В ${articleOf(reason.part, 'ru')} есть ${reason.part.kind === 'part' ? 'части' : 'пункты'} 1–${reason.part.count}.`;
      case 'absent-units':
        return reason.units.map((unit) => describeAbsent(unit, 'ru')).join(' ');
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
      case 'absent-units':
        return reason.units.map((unit) => describeAbsent(unit, 'en')).join(' ');
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
