import type { Span } from '../../text/index.ts';

/** A firm or entrepreneur as a text names it. */
export interface NamedParty extends Span {
  /** Its legal form in one spelling («ооо», «ао» for every joint-stock company, `llc`), if it is given. */
  form: string | undefined;
  /** The name without its form, as written. */
  name: string;
  /** The name with its form, as written. */
  written: string;
  /** Roots of the name's words, without endings: «Васильком» and «Василёк» have one. */
  roots: readonly string[];
}

/** Forms by their one spelling; those that are often mixed up or were renamed are one. */
const forms: [form: string, pattern: string][] = [
  ['ооо', String.raw`ООО|обществ[а-яё]{1,3}\sс\sограниченной\sответственностью`],
  [
    'ао',
    String.raw`(?:П|О|З|Н)?АО|(?:публичн[а-яё]{2,3}\s|открыт[а-яё]{2,3}\s|закрыт[а-яё]{2,3}\s|непубличн[а-яё]{2,3}\s)?акционерн[а-яё]{2,3}\sобществ[а-яё]{1,3}`,
  ],
  ['ип', String.raw`ИП|индивидуальн[а-яё]{2,3}\sпредпринимател[а-яё]{1,3}`],
  ['ано', String.raw`АНО|автономн[а-яё]{2,3}\sнекоммерческ[а-яё]{2,3}\sорганизаци[а-яё]{1,2}`],
  ['гуп', 'ФГУП|ГУП|МУП'],
  ['гбу', 'ФГБУ|ГБУ|МБУ|ФГБОУ'],
  ['тсж', 'ТСЖ|СНТ'],
];
const russianForm = forms.map(([, pattern]) => pattern).join('|');
const quoted = String.raw`[«“„"'‘]([^«»“”„"\n]{2,80})[»”“"'’]`;
const initials = String.raw`(?:\s[А-ЯЁ]\.(?:\s?[А-ЯЁ]\.)?|(?:\s[А-ЯЁ][а-яё]{2,20}){1,2})`;
const russianFirm = new RegExp(
  String.raw`(?<!\p{L})(${russianForm})\s{1,3}(?:${quoted}|([А-ЯЁ][а-яё-]{2,30}(?:${initials})?))`,
  'giu',
);

const englishForms: [form: string, pattern: string][] = [
  ['llc', String.raw`LLC|L\.L\.C\.?`],
  ['inc', String.raw`Inc\.?|INC\.?|Incorporated|Corp\.?|CORP\.?|Corporation`],
  ['ltd', String.raw`Ltd\.?|LTD\.?|Limited|PLC|plc`],
  ['lp', String.raw`LLP|L\.?P\.?`],
  ['gmbh', 'GmbH|gGmbH'],
  ['ag', String.raw`AG|SE|B\.?V\.?|N\.?V\.?|S\.?A\.?|S\.?r\.?l\.?|S\.?p\.?A\.?|Oy|AB|ApS`],
];
const englishForm = englishForms.map(([, pattern]) => pattern).join('|');
const capital = String.raw`[\p{Lu}\d][\p{L}\p{M}\d.&'’-]{0,30}`;
const englishFirm = new RegExp(
  String.raw`(?<![\p{L}\d])[«“"„']?((?:${capital}\s(?:(?:&|and|of)\s)?){0,4}${capital})[»”"“']?,?\s(${englishForm})(?![\p{L}\d])`,
  'gu',
);
/** Words before a name that begin large and are no part of it. */
const noName =
  /^(?:(?:The|This|That|In|Under|With|By|Between|And|For|Of|To|From|Does|Do|Did|Is|Are|Was|Can|Could|Must|Shall|Will|What|Which|Who|How|When|Where|Why|Lease|Agreement|Contract|Licen[cs]e|Договор|По|С)\s)+/u;

/** The firms and entrepreneurs that a text names with their legal form, in order. */
export function partiesNamedIn(text: string): NamedParty[] {
  const found: NamedParty[] = [];
  const add = (match: RegExpExecArray, form: string | undefined, written: string) => {
    const name = written.trim();
    const roots = rootsOf(name);
    if (roots.length > 0)
      found.push({ form, name, written: match[0], roots, start: match.index, end: match.index + match[0].length });
  };
  for (const match of text.matchAll(russianFirm)) {
    const [, form = '', inQuotes, person] = match;
    // Without quotation marks only a person's name is sure to end where it does.
    const isFirm = inQuotes !== undefined || /^(?:ИП|инд)/iu.test(form) || /^[А-ЯЁ]{2,5}$/u.test(form);
    if (isFirm && /^(?:[А-ЯЁ]|\p{Ll}+\s)/u.test(form)) add(match, canonical(forms, form), inQuotes ?? person ?? '');
  }
  for (const match of text.matchAll(englishFirm)) {
    const [, name = '', form = ''] = match;
    add(match, canonical(englishForms, form), name.replace(noName, ''));
  }
  return found.toSorted((a, b) => a.start - b.start);
}

const canonical = (known: typeof forms, written: string): string | undefined =>
  known.find(([, pattern]) => new RegExp(`^(?:${pattern})$`, 'iu').test(written.replaceAll(/\s+/g, ' ')))?.[0];

/**
 * Whether two names are one party's: the same words, endings aside, under the same form where both give one. A person is
 * known by the surname alone; a firm is not, since «Василёк» and «Василёк Плюс» are two.
 */
export function isSameParty(asked: NamedParty, other: NamedParty): boolean {
  if (asked.form !== undefined && other.form !== undefined && asked.form !== other.form) return false;
  const [one, two] = [asked.roots, other.roots];
  if (asked.form === 'ип' || other.form === 'ип') return one[0] === two[0] && initialsAgree(one.slice(1), two.slice(1));
  return one.length === two.length && one.every((root, index) => root === two[index]);
}

/** First names and initials, where both give them. */
const initialsAgree = (one: readonly string[], two: readonly string[]): boolean =>
  one.every((name, index) => two[index] === undefined || two[index]?.[0] === name[0]);

const endings = /(?:ами|ями|ого|его|ому|ему|ыми|ими|ою|ею|ой|ей|ом|ем|ым|им|ах|ях|а|я|у|ю|ы|и|е|о|ь|й)$/u;

/** Words of a name without the endings of its cases, ё as е. */
export function rootsOf(name: string): string[] {
  const words =
    name
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll('ё', 'е')
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.map((word) => {
    if (!/^[а-я]{4,}$/.test(word)) return word;
    const root = word.replace(endings, '');
    // «Василёк», «Васильком»: a vowel that comes and goes.
    return root.replace(/(?:ек|ок|ьк)$/u, 'к').replace(/(?:ец|ьц)$/u, 'ц');
  });
}

/** A party by which a question names a document. */
export interface AskedParty extends NamedParty {
  /** Where its name ends is not certain: a part of a longer one may be meant. */
  isLoose: boolean;
}

const contractBefore =
  /(?:договор|контракт|соглашени|сделк|аренд|(?<!\p{L})(?:agreement|contract|lease|licen[cs]e|deal|nda)(?!\p{L}))[^.?!\n]{0,90}$/iu;
const contractBehind =
  /^(?:['’]s?)?[^.?!\n]{0,40}?(?:(?:по|в|из|согласно)\s(?:\p{L}+\s)?(?:договор|контракт|соглашени)|(?<!\p{L})(?:agreement|contract|lease|licen[cs]e|nda)(?!\p{L}))/iu;
/** Without a form: in quotation marks, or written large behind «договор с». */
const bareQuoted =
  /(?<=(?:договор|контракт|соглашени)\p{L}{0,3}(?:\s\p{Ll}+){0,3}\s(?:с|со|между)\s|(?:agreement|contract|lease)\s(?:with|between)\s)[«"“„]([^»"”“\n]{2,80})[»"”“]/giu;

/** The parties of the contract that a question is about; none where it names firms for another reason. */
export function partiesAskedFor(question: string): AskedParty[] {
  const formal = partiesNamedIn(question)
    .filter(
      ({ start, end }) => contractBefore.test(question.slice(0, start)) || contractBehind.test(question.slice(end)),
    )
    .map((party) => ({ ...party, isLoose: !/[«“„"']/u.test(question.slice(party.start, party.end)) }));
  const bare = Array.from(question.matchAll(bareQuoted), (match) => {
    const [whole, name = ''] = match;
    return {
      form: undefined,
      name,
      written: whole,
      roots: rootsOf(name),
      start: match.index,
      end: match.index + whole.length,
      isLoose: false,
    };
  });
  return [...formal, ...bare.filter(({ roots }) => roots.length > 0)];
}
