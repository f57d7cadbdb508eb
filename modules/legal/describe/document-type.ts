import type { DocumentType } from '../../../db/schema/legal/documents.ts';

/** Signs at the head of a document, in the order in which they are believed. `place` is how far they may stand. */
const signs: { type: DocumentType; place: number; pattern: RegExp }[] = [
  { type: 'letter', place: 300, pattern: /^(?:from|to|subject|от кого|кому|тема):\s/imu },
  {
    type: 'statute',
    place: 400,
    pattern:
      /(?:^|\n)[^\n]{0,60}(?:кодекс(?:\s|$)|федеральный (?:конституционный )?закон|конституция|закон российской федерации)|(?:^|\n)[^\n]{0,40}\b(?:public law|act of \d{4}|united states code|civil code|revised statutes)\s{0,4}(?:\n|$)|\bbe it enacted\b/iu,
  },
  {
    type: 'court',
    place: 800,
    pattern:
      /(?:^|\n)[^\n]{0,40}(?:арбитражный суд|районный суд|городской суд|верховный суд|суд общей юрисдикции|именем российской федерации)|(?:^|\n)\s{0,20}(?:решение|определение|постановление|приговор)\s{0,4}(?:\n|именем|суда|по делу)|\bin the (?:[a-z]+ ){0,5}court\b|\bcourt of appeals?\b|\bplaintiffs?\b[^\n]{0,200}\bdefendants?\b/iu,
  },
  {
    type: 'contract',
    place: 3000,
    pattern:
      /(?:^|\n)[^\n]{0,60}(?:договор|соглашение|контракт|оферта)(?:\s|$)|именуем[а-яё]{2}\s(?:в\sдальнейшем|далее)|\b(?:this|the)\s(?:[a-z&,/-]+\s){0,8}(?:agreement|contract|lease|amendment|addendum|indenture)\b|\b(?:agreement|contract|lease)\b\s(?:\([^)\n]{1,40}\)\s)?(?:is\s)?(?:made|entered|dated|between|by and between|effective)\b|\bthis (?:instrument|deed|promissory note|warrant)\b|\bhereby agrees?\b|\bterms (?:of|and) (?:service|use|conditions)\b|\bparties agree\b|(?:^|\n)[^\n]{0,60}\b(?:agreement|licen[cs]e|lease)\b\s*(?:\n|$)/iu,
  },
  {
    type: 'letter',
    place: 1500,
    pattern: /(?:^|\n)\s{0,40}(?:dear\s\p{L}|уважаем[а-яё]{2,3}\s|исх\.\s?№|претензия(?:\s|$)|sincerely)/iu,
  },
  {
    type: 'policy',
    place: 600,
    pattern:
      /(?:^|\n)[^\n]{0,60}(?:политика|положение(?=\s(?:о|об)\s)|регламент|правила|инструкция|стандарт|policy|guidelines?|handbook|code of conduct|procedures?|privacy notice|rules)(?:\s|$|\n)/iu,
  },
];

/** What a document is, by the words it begins with and its title. */
export function documentTypeOf(title: string, text: string): DocumentType {
  const head = `${title.slice(0, 200)}\n${text.slice(0, 3200)}`;
  return signs.find(({ place, pattern }) => pattern.test(head.slice(0, place + title.length)))?.type ?? 'other';
}
