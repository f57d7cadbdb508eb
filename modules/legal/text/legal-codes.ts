/**
 * Codes of the Russian Federation: the abbreviation in use and a pattern of the full name in any case. Longer names
 * come first, because «Гражданский процессуальный кодекс» is another book than «Гражданский кодекс».
 */
const codex = 'кодекс[а-яё]{0,3}';
const fullNames: [abbreviation: string, pattern: string][] = [
  ['АПК', String.raw`арбитражн[а-яё]{1,3}[\s-]{1,2}процессуальн[а-яё]{1,3}\s${codex}`],
  ['ГПК', String.raw`гражданск[а-яё]{1,3}[\s-]{1,2}процессуальн[а-яё]{1,3}\s${codex}`],
  ['УПК', String.raw`уголовно[\s-]{1,2}процессуальн[а-яё]{1,3}\s${codex}`],
  ['УИК', String.raw`уголовно[\s-]{1,2}исполнительн[а-яё]{1,3}\s${codex}`],
  ['КоАП', String.raw`${codex}\s(?:[а-яё]{1,12}\s){0,2}об\sадминистративных\sправонарушениях`],
  ['КАС', String.raw`${codex}\sадминистративного\sсудопроизводства`],
  ['КТМ', String.raw`${codex}\sторгового\sмореплавания`],
  ['КВВТ', String.raw`${codex}\sвнутреннего\sводного\sтранспорта`],
  ['ТК', String.raw`трудов[а-яё]{1,3}\s${codex}`],
  ['ГК', String.raw`гражданск[а-яё]{1,3}\s${codex}`],
  ['СК', String.raw`семейн[а-яё]{1,3}\s${codex}`],
  ['УК', String.raw`уголовн[а-яё]{1,3}\s${codex}`],
  ['НК', String.raw`налогов[а-яё]{1,3}\s${codex}`],
  ['БК', String.raw`бюджетн[а-яё]{1,3}\s${codex}`],
  ['ЖК', String.raw`жилищн[а-яё]{1,3}\s${codex}`],
  ['ЗК', String.raw`земельн[а-яё]{1,3}\s${codex}`],
  ['ВК', String.raw`водн[а-яё]{1,3}\s${codex}`],
  ['ВзК', String.raw`воздушн[а-яё]{1,3}\s${codex}`],
  ['ЛК', String.raw`лесн[а-яё]{1,3}\s${codex}`],
  ['ГрК', String.raw`градостроительн[а-яё]{1,3}\s${codex}`],
  ['ТмК', String.raw`таможенн[а-яё]{1,3}\s${codex}`],
  ['Конституция', 'конституци[а-яё]{1,2}'],
];
const abbreviations = new Map(fullNames.map(([abbreviation]) => [abbreviation.toLowerCase(), abbreviation]));
// «УПК», «упк рф», «УПК России»; the short ones are also syllables, so a free-standing one is large or has its country.
const short = 'АПК|ГПК|УПК|УИК|КоАП|КАС|КТМ|КВВТ|ТК|ГК|СК|УК|НК|БК|ЖК|ЗК|ВК|ВзК|ЛК|ГрК|ТмК';
const country = String.raw`\s{1,2}(?:рф|россии|российской\sфедерации)`;
const law = String.raw`(?:федеральн[а-яё]{1,3}\s)?(?:закон[а-яё]{0,2}\s(?:от\s(?:[\d.]{6,10}|\d{1,2}\s[а-яё]{3,8}\s\d{4})\s(?:г\.\s|года\s)?)?)?(?:№|N)?\s{0,2}(\d{1,4}(?:-\d{1,3})?)-(ФЗ|ФКЗ)`;
const names = fullNames.map(([, pattern]) => `(${pattern})`).join('|');

const anyCase = new RegExp(`(?<![a-zа-яё\\d])(?:${names}|(${short})|${law})(?![a-zа-яё])`, 'giu');
const large = new RegExp(`(?<![a-zа-яё])(?:${short})(?![a-zа-яё])`, 'u');
const withCountry = new RegExp(`^${country}`, 'iu');

export interface NamedCode {
  /** Its abbreviation («ТК», «КоАП») or, of a federal law, its number («152-ФЗ»). */
  code: string;
  start: number;
  end: number;
  /** Whether it is one wherever it stands: «тк» alone is only one next to an article's number. */
  certain: boolean;
}

/** The codes and federal laws that a text names, in order. */
export function codesIn(text: string): NamedCode[] {
  return Array.from(text.matchAll(anyCase), (match) => {
    const [whole, ...groups] = match;
    const index = groups.findIndex((group) => group !== undefined);
    const { index: start } = match;
    const end = start + whole.length;
    if (index < fullNames.length) return { code: (fullNames[index] as [string, string])[0], start, end, certain: true };
    if (index === fullNames.length) {
      const certain = large.test(whole) || withCountry.test(text.slice(end, end + 25));
      return { code: abbreviations.get(whole.toLowerCase()) ?? whole, start, end, certain };
    }
    return { code: `${groups[index]}-${groups[index + 1]?.toUpperCase()}`, start, end, certain: true };
  });
}
