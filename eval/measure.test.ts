import { describe, expect, it } from 'vitest';
import type { Query } from './data-set.ts';
import { citesAnswer, groupsOf, kindsByLanguage, measureRetrieval } from './measure.ts';

const query = (spans: [number, number][], more: Partial<Query> = {}): Query => ({
  ...{ id: 'q', language: 'en', kind: 'term', text: 'How long?', documentId: 'lease', spans },
  relevant: new Set(['lease', 'annex']),
  ...more,
});
const lease = (start: number, end: number) => ({ documentId: 'lease', start, end });

describe('what a list of passages holds', () => {
  it('is a hit when half of a span is covered by all of them together, each character counted once', () => {
    const asked = query([[100, 200]]);
    expect(measureRetrieval(asked, [lease(0, 149)], 1)).toEqual({ doc: 1, hit: 0, cov: 0.49, prec: 49 / 149 });
    expect(measureRetrieval(asked, [lease(0, 150)], 1).hit).toBe(1);
    expect(measureRetrieval(asked, [lease(100, 140), lease(120, 149)], 2)).toMatchObject({ hit: 0, cov: 0.49 });
  });

  it('asks no more than 250 characters of a long span', () => {
    expect(measureRetrieval(query([[0, 4000]]), [lease(0, 250)], 1)).toMatchObject({ hit: 1, cov: 0.0625 });
  });

  it('looks at the first ones only', () => {
    const list = [{ documentId: 'other', start: 0, end: 9 }, lease(100, 200)];
    expect(measureRetrieval(query([[100, 200]]), list, 1)).toEqual({ doc: 0, hit: 0, cov: 0, prec: 0 });
    expect(measureRetrieval(query([[100, 200]]), list, 5)).toMatchObject({ doc: 1, hit: 1, cov: 1 });
  });

  it('counts another right document as right, and none of its characters', () => {
    const list = [{ documentId: 'annex', start: 100, end: 200 }];
    expect(measureRetrieval(query([[100, 200]]), list, 1)).toMatchObject({ doc: 1, hit: 0, cov: 0 });
  });

  it('is nothing for an empty list', () => {
    expect(measureRetrieval(query([[0, 9]]), [], 20)).toEqual({ doc: 0, hit: 0, cov: 0, prec: 0 });
  });
});

describe('a citation', () => {
  it('is right when it overlaps what answers, in the document that does', () => {
    expect(citesAnswer(query([[10, 20]]), [lease(19, 40)])).toBe(true);
    expect(citesAnswer(query([[10, 20]]), [lease(20, 40)])).toBe(false);
    expect(citesAnswer(query([[10, 20]]), [{ documentId: 'annex', start: 10, end: 20 }])).toBe(false);
  });
});

describe('groups', () => {
  it('name the kinds of a language that has few of them', () => {
    const many = Array.from({ length: 9 }, (_, index) => query([[0, 1]], { kind: `kind ${index}` }));
    const few = query([[0, 1]], { language: 'ru', kind: 'legal' });
    const kinds = kindsByLanguage([...many, few]);
    expect(groupsOf(few, kinds)).toEqual(['all', 'ru', 'ru-legal']);
    expect(groupsOf(many[0] as Query, kinds)).toEqual(['all', 'en']);
  });
});
