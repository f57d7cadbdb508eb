import type { Language } from '../../../../../platform/kernel/problem.ts';

/** A card of the major arcana. */
export interface Major {
  number: number;
  names: Record<Language, string>;
  aliases: readonly string[];
  /** How people write it; `~` stands for any ending of a Russian word. */
  patterns: readonly string[];
}

const major = (number: number, en: string, ru: string, patterns: readonly string[], aliases: readonly string[] = []) =>
  ({ number, names: { en, ru }, aliases, patterns }) satisfies Major;

/** Strength is 8 and Justice 11, as Waite numbered them. */
export const majors: readonly Major[] = [
  major(0, 'The Fool', 'Шут', ['fool', 'jester', 'шут~', 'дурак~'], ['Дурак']),
  major(1, 'The Magician', 'Маг', ['magician', 'magus', 'маг~'], ['The Magus']),
  major(2, 'The High Priestess', 'Верховная Жрица', ['(?:high )?priestess', '(?:верховн~ )?жриц~'], ['Жрица']),
  major(3, 'The Empress', 'Императрица', ['empress', 'императриц~']),
  major(4, 'The Emperor', 'Император', ['emperor', 'император~']),
  major(
    5,
    'The Hierophant',
    'Иерофант',
    ['hierophant', 'pope', 'иерофант~', '(?:верховн~ )?жрец~'],
    ['The Pope', 'Верховный Жрец', 'Жрец'],
  ),
  major(6, 'The Lovers', 'Влюблённые', ['lovers?', 'влюбленн~']),
  major(7, 'The Chariot', 'Колесница', ['chariot', 'колесниц~']),
  major(8, 'Strength', 'Сила', ['strength', 'сил~']),
  major(9, 'The Hermit', 'Отшельник', ['hermit', 'отшельник~']),
  major(
    10,
    'Wheel of Fortune',
    'Колесо Фортуны',
    ['wheel(?: of fortune)?', 'колес~(?: фортун~)?', 'фортун~'],
    ['Wheel', 'Фортуна'],
  ),
  major(11, 'Justice', 'Справедливость', ['justice', 'справедливост~', 'правосуди~'], ['Правосудие']),
  major(12, 'The Hanged Man', 'Повешенный', ['hang(?:ed|ing) man', 'повешенн~']),
  major(13, 'Death', 'Смерть', ['death', 'смерт~']),
  major(14, 'Temperance', 'Умеренность', ['temperance', 'умеренност~']),
  major(15, 'The Devil', 'Дьявол', ['devil', 'дьявол~']),
  major(16, 'The Tower', 'Башня', ['tower', 'башн~']),
  major(17, 'The Star', 'Звезда', ['star', 'звезд~']),
  major(18, 'The Moon', 'Луна', ['moon', 'лун~']),
  major(19, 'The Sun', 'Солнце', ['sun', 'солнц~']),
  major(20, 'Judgement', 'Суд', ['judge?ment', '(?:страшн~ )?суд~'], ['Judgment', 'Страшный Суд']),
  major(21, 'The World', 'Мир', ['world', 'мир~']),
];
