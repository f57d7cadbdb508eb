/*
 * Who concluded a contract: the names behind "between" up to their descriptions, «Party A: …» lines, and Russian firms
 * and persons at the head of a contract. Names are found by how they are written, so at most some of them.
 */

const headLength = 8000;
const mostParties = 4;
const longestName = 80;

export function partiesOf(text: string): string[] {
  const head = text.slice(0, headLength);
  const names = /[А-ЯЁа-яё]{5}/.test(head.slice(0, 3000)) ? russianParties(head) : englishParties(head);
  const distinct: string[] = [];
  for (const name of names) {
    const isKnown = distinct.some((other) => key(other).includes(key(name)) || key(name).includes(key(other)));
    if (!isKnown && name.length >= 3) distinct.push(name.slice(0, longestName).trim());
  }
  return distinct.slice(0, mostParties);
}

const key = (name: string) => name.toLowerCase().replaceAll(/[^\p{L}\d]/gu, '');

const form =
  'ООО|ОАО|ЗАО|ПАО|НАО|АО|АНО|ФГУП|ФГБУ|ФГБОУ|ГУП|МУП|ГБУ|МБУ|ТСЖ|СНТ|НКО|общество с ограниченной ответственностью|(?:публичное |закрытое |открытое |непубличное )?акционерное общество|автономная некоммерческая организация|федеральное государственное [а-яё ]{5,40} учреждение|муниципальное [а-яё ]{5,40} учреждение';
const firm = new RegExp(String.raw`(?<!\p{L})(${form})\s{1,3}(«[^»\n]{2,80}»|"[^"\n]{2,80}"|“[^”\n]{2,80}”)`, 'giu');
const person = String.raw`[А-ЯЁ][а-яё]{1,20}(?:-[А-ЯЁ][а-яё]{1,20})?\s[А-ЯЁ][а-яё]{1,20}\s[А-ЯЁ][а-яё]{1,20}(?:ич|вна|чна|ича|вны|чны|ичем|вной|чной)`;
const individual = new RegExp(
  String.raw`(?:(ИП|индивидуальный предприниматель)\s{1,3}(${person}|[А-ЯЁ][а-яё]{1,20}\s[А-ЯЁ]\.\s?[А-ЯЁ]\.)|(?<=(?:граждан[а-яё]{2,3}|гр\.|и|,|^|\n)\s{0,3}(?:РФ|Российской Федерации)?,?\s{0,2})(${person})(?=[^\n]{0,250}?именуем))`,
  'gu',
);
const shortForms: [pattern: RegExp, short: string][] = [
  [/^общество с ограниченной ответственностью$/i, 'ООО'],
  [/^публичное акционерное общество$/i, 'ПАО'],
  [/^закрытое акционерное общество$/i, 'ЗАО'],
  [/^открытое акционерное общество$/i, 'ОАО'],
  [/^(?:непубличное )?акционерное общество$/i, 'АО'],
  [/^автономная некоммерческая организация$/i, 'АНО'],
];

function russianParties(head: string): string[] {
  const firms = Array.from(head.matchAll(firm), (match) => {
    const written = match[1] ?? '';
    const short = shortForms.find(([pattern]) => pattern.test(written))?.[1] ?? written;
    return { start: match.index, name: `${short} ${match[2]}` };
  });
  const persons = Array.from(head.matchAll(individual), (match) => ({
    start: match.index,
    name: match[1] === undefined ? (match[3] ?? '') : `ИП ${match[2]}`,
  }));
  return [...firms, ...persons].toSorted((a, b) => a.start - b.start).map(({ name }) => name);
}

const opening =
  /(?<!\p{L})(?:by\sand\s)?(?:between|among|amongst|BETWEEN|AMONG|Between)(?:\s(?:and\samong|the\sfollowing(?:\stwo)?\sparties))?(?!\p{L})/giu;
const lettered = /(?:^|\n|\s{2})Party\s[A-D]\s?[:：]\s{0,3}([^\n]{3,120})/g;
const windowLength = 1500;
/** Behind it, "between" is a word of the text. */
const openingPlace = 4000;
const suffix =
  /^(?:Inc|INC|LLC|L\.L\.C|Ltd|LTD|Limited|LIMITED|LP|L\.P|LLP|L\.L\.P|Corp|CORP|Corporation|CORPORATION|Company|COMPANY|Co|CO|PLC|plc|N\.?A|S\.?A|B\.?V|N\.?V|AG|GmbH|S\.?p\.?A|S\.?r\.?l|SE|A\/S|AB|Pty|PLLC|Partnership)[.,;)]*$/;
const joining = new Set(['of', 'the', 'for', 'de', 'la', 'du', 'van', 'von', 'der', '&', 'and', '/', '-', '–']);
/** What stands between "between" or "and" and a name. */
const leadIn =
  /^[\s:,–—-]{0,6}(?:(?:(?:on\sthe\s(?:one|other)\shand|each\sof|the\sundersigned|the\sfollowing|both|either|professional\s\p{Ll}{3,12}|Mr|Ms|Mrs|Dr)[.,:]{0,2}|\(?(?:[a-z\d]{1,3})\)|\(\p{L}{3,20}\))\s{1,4}){0,3}/iu;
/** What follows a party's name: its description, address or short name. */
const description =
  /^[\s.]{0,4}(?:,?\s{0,4}(?:[("“«[]|(?:a|an|whose|with|having|located|its|as|at|each|represented|registered|organized|incorporated|hereinafter|herein|doing|and|on|for|individually|formerly|of|in|is|are|agree|together|offering|effective|dated|\d)\b)|[.;,]?\s*$|[.,;]?\s{0,3}\n|[.;]\s|,\s{1,3}\d|\s{3,}|,\s\p{Lu})/iu;
const end =
  /\b(?:WHEREAS|WITNESSETH|W I T N E S S E T H|RECITALS|NOW,? THEREFORE|Whereas|Recitals|Background|BACKGROUND)\b/;

function englishParties(head: string): string[] {
  const named = Array.from(head.matchAll(lettered), (match) => nameAt(match[1] ?? '') ?? '').filter(
    (name) => name !== '',
  );
  if (named.length >= 2) return named;
  let best: string[] = [];
  for (const match of [...head.slice(0, openingPlace).matchAll(opening)].slice(0, 6)) {
    const from = match.index + match[0].length;
    const window = head.slice(from, from + windowLength).split(end, 1)[0] ?? '';
    const names = namesFrom(window.replaceAll(/(?<!\n[ \t]{0,20})\n(?![ \t]{0,20}\n)/g, ' '));
    if (names.length >= 2) return names;
    if (names.length > best.length) best = names;
  }
  const firms = firmsIn(head.slice(0, 2500));
  return best.length > 0 ? [...best, ...firms].slice(0, 2) : firms.slice(0, 2);
}

/** The name at the beginning, then each name behind an "and", a semicolon or a bracket that a description follows. */
function namesFrom(window: string): string[] {
  const starts = [0, ...Array.from(window.slice(0, 200).matchAll(/\n/g), ({ index }) => index + 1)].map(
    (start) => start + (leadIn.exec(window.slice(start))?.[0].length ?? 0),
  );
  const skipped = starts.slice(0, 4).find((start) => nameAt(window.slice(start)) !== undefined) ?? 0;
  const first = nameAt(window.slice(skipped));
  if (first === undefined) return [];
  const names = [first];
  let isSure = isFirm(first) || isDefined(window.slice(skipped + first.length));
  const next = /(?:\)|,|;|["”]|\n|\s)\s{0,6}(?:and|AND|And|&)(?=[\s:,])|\)["”]?\s?[,;]|,(?=\s\([ivx\d]{1,4}\)\s)/g;
  next.lastIndex = skipped + first.length;
  for (let match = next.exec(window); match !== null && names.length < mostParties; match = next.exec(window)) {
    const behind = window.slice(next.lastIndex);
    const lead = leadIn.exec(behind)?.[0].length ?? 0;
    const name = nameAt(behind.slice(lead));
    if (name === undefined) continue;
    const rest = behind.slice(lead + behind.slice(lead).indexOf(name) + name.length);
    const isClear = isFirm(name) || isDefined(rest);
    isSure ||= isClear;
    // A short name that the contract itself gives is no one's own.
    const isShortName = new RegExp(`["“(]\\s?(?:the\\s)?${RegExp.escape(name)}\\s?["”)]`, 'i').test(window);
    if (!isShortName && (isFirm(name) || description.test(rest)) && (isClear || names.length < 2)) names.push(name);
  }
  return isSure ? names : [];
}

const isFirm = (name: string): boolean => suffix.test(name.split(/\s/).at(-1) ?? '');

/** A short name is given to it soon: `("Buyer")`, `(hereinafter …)`. */
const isDefined = (rest: string): boolean =>
  /^[^;]{0,400}?\(\s?(?:the\s|hereinafter|herein|each|collectively|["“])/i.test(rest);

/** A run of words that begin large, ended by a firm's form («Inc.») or by anything else. */
function nameAt(text: string): string | undefined {
  const tokens = text.slice(0, 140).match(/\S+/g) ?? [];
  const words: string[] = [];
  let isComplete = false;
  for (const [index, token] of tokens.entries()) {
    const isSuffix = words.length > 0 && suffix.test(token);
    if (isComplete && !isSuffix && !(token === 'of' && !/[,.]$/.test(tokens[index - 1] ?? ''))) break;
    const isSite = words.length === 0 && /^\p{Ll}[\p{L}\d-]{1,30}\.(?:com|net|org|ru)\b/u.test(token);
    const isWord = isSite || /^\p{Ll}?[\p{Lu}\d]/u.test(token);
    if (
      !isWord &&
      !(words.length > 0 && joining.has(token.toLowerCase()) && /^[\p{Lu}(&]/u.test(tokens[index + 1] ?? ''))
    )
      break;
    if (token.toLowerCase() === 'and' && !tokens.slice(index + 1, index + 4).some((one) => suffix.test(one))) break;
    words.push(token.replace(/\($/, ''));
    isComplete = isSuffix;
    if (/[;:)]$|["”]$/.test(token)) break;
    if (/,$/.test(token) && !suffix.test(tokens[index + 1] ?? '')) break;
    if (/[^.]{4,}\.$/.test(token) && !isSuffix) break;
    if (words.length > 10) return undefined;
  }
  const name = words.join(' ').replace(/[,;:("”]+$/, '');
  if (!/\p{L}{2}/u.test(name) || /^(?:THIS|This|The Parties|Parties|It|In|Section|Article|As|Each|Both)\b/.test(name))
    return undefined;
  return name.length > longestName ? undefined : name;
}

/** Firms anywhere in a text, by their forms. */
function firmsIn(text: string): string[] {
  const pattern =
    /(?:\p{Lu}[\p{L}\d.&'’-]{0,30}\s){0,5}?(?:\p{Lu}[\p{L}\d.&'’-]{0,30},?\s)(?:Inc|INC|LLC|L\.L\.C|Ltd|LTD|Corp|CORP|Corporation|LP|L\.P|PLC|GmbH|B\.V)\b\.?/gu;
  return (text.match(pattern) ?? []).map((name) => name.trim());
}
