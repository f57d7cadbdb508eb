import { legalThesaurus, type Notion, stems, translateTerms } from '../../text/index.ts';

/** Something that a question speaks of. */
export interface Concept {
  /** Stem of the question's word. */
  stem: string;
  /** How documents may put it in other words: stems that must stand together. */
  wordings: { stems: readonly string[]; strength: number }[];
  /** Whether the dictionary of legal terms has it in the other language. */
  translated: boolean;
  /** How much it counts next to the others before its rarity is known: less than 1 for what an earlier turn said. */
  importance: number;
}

/** How surely another wording means the same. */
const synonym = 0.7;
const translation = 0.9;
const carriedImportance = 0.5;
/** The same where the question itself says hardly anything: «А за сколько дней?» */
const carriedAlone = 0.9;
/** Of a wording this long, so much must be there. */
const longWording = 4;
const shareOfLong = 0.75;
/** Pairs of words are looked up as well; a question as long as this is looked up word by word only. */
const mostPaired = 24;

const genericImportance = 0.3;

/** Words that stand in any question about any document and point at nothing in it. */
const genericWords = `party parties side sides either both one someone anyone anybody person people thing things kind kinds sort type
  give gives given giving get gets take make makes made put set want wants need needs let lets keep come comes go goes time times
  way ways place case cases part whole new same different certain right rights term terms deal still ever already also just only
  really actually allowed allow may will
  сторона стороны лицо лица человек люди случай случае случаи порядок вид виды дело раз время хочу хочет хотят давать дать дают
  стать получить делать сделать сказать право права закон законно новый другой другие свой один одна разный мой наш их день дни`;

let genericStems: ReadonlySet<string> | undefined;

/** One concept a stem, with its wordings by the thesaurus and in the other language. */
export function readConcepts(own: readonly string[], carried: readonly string[] = []): Concept[] {
  // Not at import: reading them takes a part of a function's start.
  genericStems ??= new Set(stems(genericWords));
  const generic = genericStems;
  const { notions } = legalThesaurus();
  const alone = new Map([...own, ...carried].map((stem) => [stem, new Set(notions([stem]))]));
  const byStem = new Map([...alone].map(([stem, found]) => [stem, new Set<Notion>(found)]));
  if (own.length <= mostPaired) {
    for (const [index, first] of own.entries()) {
      for (const second of own.slice(index + 1)) {
        // What two words mean together covers both of them.
        for (const notion of notions([first, second])) {
          if (alone.get(first)?.has(notion) || alone.get(second)?.has(notion)) continue;
          byStem.get(first)?.add(notion);
          byStem.get(second)?.add(notion);
        }
      }
    }
  }
  const translated = translateTerms([...alone.keys()]);
  const toConcept =
    (importance: number) =>
    (stem: string): Concept => {
      const terms = translated.filter(({ covers }) => covers.includes(stem));
      const meant = [...(byStem.get(stem) ?? [])].flat().map((words) => ({ stems: words, strength: synonym }));
      const abroad = terms
        .flatMap(({ wordings }) => wordings)
        .map((words) => ({ stems: words, strength: translation }));
      return {
        stem,
        translated: terms.length > 0,
        importance: importance * (generic.has(stem) ? genericImportance : 1),
        wordings: [...meant, ...abroad],
      };
    };
  return [...own.map(toConcept(1)), ...carried.map(toConcept(own.length > 1 ? carriedImportance : carriedAlone))];
}

/** Whether a text with these stems has a wording: all of a short one, most of a long one. */
export function isThere(wording: readonly string[], present: ReadonlySet<string>): boolean {
  const found = wording.reduce((count, word) => count + (present.has(word) ? 1 : 0), 0);
  return found >= (wording.length < longWording ? wording.length : Math.ceil(wording.length * shareOfLong));
}

export const stemSet = (text: string): Set<string> => new Set(stems(text));
