import { datesIn } from '../text/index.ts';

/*
 * The day that a document itself bears: behind the words that say so ("dated as of", «г. Москва, 12 марта 2024 г.»), else
 * the first one at its head. Days of amendments («в редакции от …») are not its own.
 */

const headLength = 4000;
const nearHead = 1200;
const own =
  /(?:dated(?:\s(?:as\sof|this|the))?|as\sof(?:\sthis|\sthe)?|entered\sinto(?:\s(?:on|this|effective))?|effective(?:\s(?:as\sof|date:?|from|on|this))?|made(?:\s(?:on|this|as\sof))?|executed\son|on\sthis|this|date:|от|дата:?|г\.\s?\p{Lu}[\p{L}-]{2,20},?)\s{0,4}(?:the\s)?["«“(]?$/iu;
const foreign =
  /(?:редакци|\bред\.|дополн|изменен|изм\.|утратил|source:|incorporated|originally|amended\sby|filed|certain)(?:(?!\.\s\p{Lu})[^\n]){0,70}$/iu;

/** The day that a document is of; undefined when its head names none. */
export function dateOf(text: string): string | undefined {
  const head = text.slice(0, headLength);
  const dates = datesIn(head).filter(({ start }) => !foreign.test(head.slice(Math.max(0, start - 90), start)));
  const said = dates.find(({ start }) => own.test(head.slice(Math.max(0, start - 45), start)));
  return (said ?? dates.find(({ start }) => start < nearHead))?.date;
}
