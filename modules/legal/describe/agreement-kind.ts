/* What a contract calls itself: "Master Services Agreement", «Договор аренды нежилого помещения». */

const agreement = 'AGREEMENT|Agreement|CONTRACT|Contract';
const other =
  'LEASE|Lease|AMENDMENT|Amendment|ADDENDUM|Addendum|LICENSE|License|LICENCE|Licence|WARRANT|GUARANTY|Guaranty|INDENTURE|Indenture';
const word = String.raw`(?:[A-Z][\p{L}\d&/'’,.-]{0,30}|[Oo]f|OF|[Aa]nd|AND|[Ff]or|FOR|[Tt]o|TO|[Tt]he|THE|&|[-–—])`;
/** "This Endorsement Agreement (the …)" says it best; else the first line or run of large words that ends so. */
const said = (noun: string) =>
  new RegExp(
    String.raw`(?:^|\s)(?:THIS|This|this)\s((?:${word}\s{1,3}){1,10}?(?:${noun})(?:\s(?:FOR|for|OF|of)\s(?:${word}\s{1,3}){0,5}${word})?)(?=[\s,(.]|$)`,
    'u',
  );
const written = (noun: string) =>
  new RegExp(String.raw`(?:^|\s)((?:${word}\s{1,3}){0,9}?(?:${noun}))(?=[\s,(."]|$)`, 'gu');
const forms = [agreement, other].map((noun) => ({ said: said(noun), written: written(noun) }));
const lead =
  /^(?:(?:EXHIBIT|Exhibit|SCHEDULE|Schedule|ANNEX|Annex)\s[\p{L}\d().-]{1,12}\s|(?:EXECUTION|Execution)\s(?:COPY|VERSION|Copy|Version)\s|(?:The|THE|This|THIS)\s){1,4}/u;
const russian =
  /(?:^|\n)[ \t#*]{0,8}((?:ДОПОЛНИТЕЛЬНОЕ |Дополнительное |БРАЧНЫЙ |Брачный |ТРУДОВОЙ |Трудовой |ГОСУДАРСТВЕННЫЙ |Государственный |МУНИЦИПАЛЬНЫЙ |Муниципальный |ЛИЦЕНЗИОННЫЙ |Лицензионный |АГЕНТСКИЙ |Агентский |КРЕДИТНЫЙ |Кредитный |ПРЕДВАРИТЕЛЬНЫЙ |Предварительный |[\p{Lu}][\p{L}]{3,20} ){0,2}(?:ДОГОВОР|[Дд]оговор|СОГЛАШЕНИЕ|[Сс]оглашение|КОНТРАКТ|[Кк]онтракт|ОФЕРТА|[Оо]ферта)(?!\p{L})[^\n]{0,90}(?:\n(?:[\p{Lu}][\p{Lu}\s]{5,60}|[а-яё][^\n]{5,80})(?=\n))?)/u;

const headLength = 4000;
const captionLength = 1500;
const longestKind = 90;

/** The name of the contract in the document's own words, on one line; undefined when its head has none. */
export function agreementKind(text: string): string | undefined {
  const head = text.slice(0, headLength);
  const inRussian = russian.exec(head)?.[1];
  if (inRussian !== undefined) return tidy(inRussian);
  for (const form of forms) {
    const self = clean(form.said.exec(head)?.[1] ?? '');
    if (isTelling(self)) return self;
    for (const match of [...head.slice(0, captionLength).matchAll(form.written)].slice(0, 8)) {
      const kind = clean(match[1] ?? '');
      if (isTelling(kind)) return kind;
    }
  }
  return undefined;
}

const tidy = (text: string) =>
  text
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[\s.,:;]+$/, '');
const clean = (text: string) =>
  tidy(text)
    .replace(lead, '')
    .replace(/^(?:[Oo]f|OF|[Aa]nd|AND|[Tt]o|TO|[Ff]or|FOR|[-–—&])\s/, '');

/** More than the bare noun. */
const isTelling = (kind: string) =>
  kind.length <= longestKind && kind.split(' ').length >= 2 && !/^(?:the|this|said|such)\s\S+$/i.test(kind);
