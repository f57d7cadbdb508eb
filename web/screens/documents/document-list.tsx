import type { Schemas } from '@pandect/client';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useWords } from '../../app/language.tsx';
import { Failure } from '../../app/problem.tsx';
import { DocumentRow } from './document-row.tsx';
import { words } from './words.ts';

type Document = Schemas['Document'];

/** Of a row with a title and a line below it, as most have. Another guess moves all rows below each one that comes into view. */
const ROW_PX = 69;
const OVERSCAN = 8;
/** The next page is asked for when so many rows or fewer are left below what is seen. */
const AHEAD = 150;

interface Pages {
  items: Document[];
  error: unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Any number of documents; in the page are only those that are seen. */
export function DocumentList({ pages }: { pages: Pages }) {
  const texts = useWords(words);
  const { items, error, hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const list = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  // With another function at each rendering, all rows would be laid out again in each frame.
  const keyOf = useCallback((index: number) => (items[index] as Document).id, [items]);
  const virtual = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_PX,
    getItemKey: keyOf,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - AHEAD && hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [last, items.length, hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  return (
    <>
      <ul
        ref={list}
        aria-label={texts.list}
        className="relative rounded-xl border border-line bg-surface"
        style={{ height: virtual.getTotalSize() }}
      >
        {rows.map((row) => (
          <li
            key={row.key}
            ref={virtual.measureElement}
            data-index={row.index}
            aria-setsize={hasNextPage ? -1 : items.length}
            aria-posinset={row.index + 1}
            className="absolute inset-x-0 top-0 border-b border-line px-4 py-3"
            style={{ transform: `translateY(${row.start - top}px)` }}
          >
            <DocumentRow document={items[row.index] as Document} />
          </li>
        ))}
      </ul>
      {error ? <Failure error={error} onRetry={fetchNextPage} /> : null}
      {isFetchingNextPage ? <p className="text-center text-muted">{texts.loadingMore}</p> : null}
    </>
  );
}
