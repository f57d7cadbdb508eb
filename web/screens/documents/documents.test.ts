import type { Schemas } from '@pandect/client';
import { describe, expect, it } from 'vitest';
import { readDocumentFilter } from './route.ts';
import { withDocument, withoutDocument } from './use-live-list.ts';

describe('the filter in the address', () => {
  it.each([
    [{}, {}],
    [
      { status: 'failed', type: 'court', language: 'ru', query: 'аренда' },
      { status: 'failed', type: 'court', language: 'ru', query: 'аренда' },
    ],
    [{ status: 'lost', type: 7, language: 'de', query: '  ' }, {}],
    [{ query: 'x'.repeat(500) }, { query: 'x'.repeat(200) }],
  ])('%j is read as %j', (search, expected) => {
    expect(readDocumentFilter(search)).toEqual(expected);
  });
});

describe('a list that changes while it is shown', () => {
  const document = (id: string, status = 'queued') => ({ id, status }) as Schemas['Document'];
  const pages = {
    pages: [
      { items: [document('1'), document('2')], nextCursor: 'next' },
      { items: [document('3')], nextCursor: null },
    ],
    pageParams: [undefined, 'next'],
  };

  it('shows a document in its new state, and leaves the other pages as they are', () => {
    const after = withDocument(pages, document('2', 'ready'));
    expect(after.pages[0]?.items.map(({ status }) => status)).toEqual(['queued', 'ready']);
    expect(after.pages[1]).toBe(pages.pages[1]);
  });

  it('is the same where the document is not in it', () => {
    expect(withDocument(pages, document('4'))).toBe(pages);
    expect(withoutDocument(pages, '4')).toBe(pages);
  });

  it('loses a document that was deleted', () => {
    expect(withoutDocument(pages, '3').pages[1]?.items).toEqual([]);
  });
});
