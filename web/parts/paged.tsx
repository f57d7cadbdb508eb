import type { ReactNode } from 'react';
import { useWords } from '../app/language.tsx';
import { Failure } from '../app/problem.tsx';
import { Button } from './button.tsx';
import { Loading } from './loading.tsx';

const words = { en: { more: 'Show more' }, ru: { more: 'Показать ещё' } };

interface Pages<Item> {
  items: Item[] | undefined;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** A list in pages with its states: loading, failed, empty, and more to come. */
export function Paged<Item>({
  pages,
  empty,
  children,
}: {
  pages: Pages<Item>;
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}) {
  const texts = useWords(words);
  const { items, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  if (error && !items) return <Failure error={error} onRetry={refetch} />;
  if (!items) return <Loading />;
  if (items.length === 0) return empty;
  return (
    <>
      {children(items)}
      {error ? <Failure error={error} onRetry={fetchNextPage} /> : null}
      {hasNextPage ? (
        <Button kind="secondary" className="justify-self-center" busy={isFetchingNextPage} onClick={fetchNextPage}>
          {texts.more}
        </Button>
      ) : null}
    </>
  );
}
