import type { Schemas } from '@pandect/client';
import { type InfiniteData, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useDocumentEvents } from '../../uploads/uploads.tsx';
import type { DocumentFilter } from './route.ts';

type Document = Schemas['Document'];
type Pages = InfiniteData<{ items: Document[]; nextCursor: string | null }>;

/** Many changes come in a row while a folder is read. */
const REFRESH_MS = 2_000;
/** A list of more pages is not read again as a whole. */
const MOST_PAGES = 5;

/** Keeps the list as it is on the server: what is shown changes at once, and what came is read with the list. */
export function useLiveList(key: unknown[], filter: DocumentFilter): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const refresh = () => {
    if ((queries.getQueryData<Pages>(key)?.pages.length ?? 0) > MOST_PAGES) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: key });
    }, REFRESH_MS);
  };
  useDocumentEvents(({ event, data }) => {
    if (event === 'connected' || event === 'list') refresh();
    if (event !== 'status' && event !== 'deleted') return;
    const before = queries.getQueryData<Pages>(key);
    const after = before && (event === 'status' ? withDocument(before, data) : withoutDocument(before, data.id));
    if (after !== before) queries.setQueryData(key, after);
    const isKnown = before?.pages.some(({ items }) => items.some(({ id }) => id === data.id));
    if (!isKnown || filter.status !== undefined) refresh();
  });
}

/** The pages with a document in its new state; the same pages where it is not among them. */
export function withDocument(pages: Pages, document: Document): Pages {
  return changed(pages, document.id, (items) => items.map((item) => (item.id === document.id ? document : item)));
}

export function withoutDocument(pages: Pages, id: string): Pages {
  return changed(pages, id, (items) => items.filter((item) => item.id !== id));
}

function changed(pages: Pages, id: string, change: (items: Document[]) => Document[]): Pages {
  if (!pages.pages.some(({ items }) => items.some((item) => item.id === id))) return pages;
  return {
    ...pages,
    pages: pages.pages.map((page) =>
      page.items.some((item) => item.id === id) ? { ...page, items: change(page.items) } : page,
    ),
  };
}
