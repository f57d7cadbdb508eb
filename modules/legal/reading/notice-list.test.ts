import { expect, it } from 'vitest';
import { type Notice, noticeKinds } from './contract.ts';
import { createNoticeList } from './notice-list.ts';
import { describeNotice, noticeTexts } from './notice-texts.ts';

const keep = (given: unknown[], omitted?: number) => {
  const list = createNoticeList();
  for (const notice of given) list.add(notice as Notice);
  return list.kept(omitted);
};

it('keeps the same notice once', () => {
  const notice = { kind: 'picture-not-read', page: 2, detail: 'seal.png' };
  expect(keep([notice, { ...notice }])).toEqual({ notices: [notice], noticesOmitted: 0 });
});

it.each([
  [{ kind: 'rumour', page: 1 }, []],
  [{ kind: 'page-not-read', page: -1 }, [{ kind: 'page-not-read', page: null }]],
  [{ kind: 'page-not-read', page: '1', detail: 7 }, [{ kind: 'page-not-read', page: null }]],
  [
    { kind: 'attachment-not-read', page: null, detail: ' a\n b\u0000 ' },
    [{ kind: 'attachment-not-read', page: null, detail: 'a b' }],
  ],
  [{ kind: 'part-not-read', page: null, detail: ' ' }, [{ kind: 'part-not-read', page: null }]],
  [
    { kind: 'part-not-read', page: null, detail: `${'x'.repeat(199)}😀` },
    [{ kind: 'part-not-read', page: null, detail: `${'x'.repeat(199)}\ufffd` }],
  ],
])('makes of %j what can be stored', (given, expected) => {
  expect(keep([given]).notices).toEqual(expected);
});

it('keeps a hundred, of every kind some, in their order, and counts the rest', () => {
  const uncertain = Array.from({ length: 300 }, (_, index) => ({ kind: 'page-uncertain', page: index + 1 }));
  const attached = { kind: 'attachment-not-read', page: null, detail: 'annex.zip' };
  const { notices, noticesOmitted } = keep([...uncertain, attached], 7);
  expect(notices).toEqual([...uncertain.slice(0, 99), attached]);
  expect(noticesOmitted).toBe(201 + 7);
});

it('is bounded, however many are given', () => {
  const many = Array.from({ length: 10_050 }, (_, index) => ({ kind: 'page-uncertain', page: index + 1 }));
  expect(keep(many, Number.POSITIVE_INFINITY).noticesOmitted).toBe(9_950);
});

it.each(noticeKinds)('of "%s" can be told in both languages', (kind) => {
  const { en, ru } = noticeTexts[kind];
  expect(en).not.toMatch(/\p{Script=Cyrillic}/u);
  expect(ru).toMatch(/^\p{Script=Cyrillic}/u);
});

it('tells page and detail, and something of a kind that a later version has stored', () => {
  expect(describeNotice({ kind: 'ink-not-read', page: 3 }, 'en')).toBe(
    'Page 3: handwriting, a stamp or a signature was not read',
  );
  expect(describeNotice({ kind: 'attachment-not-read', page: null, detail: 'акт.xlsx' }, 'ru')).toBe(
    'Вложение не прочитано, загрузите его отдельным документом (акт.xlsx)',
  );
  expect(describeNotice({ kind: 'of-tomorrow', page: null }, 'en')).toMatch(/^A part of the file/);
});
