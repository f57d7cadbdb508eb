import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

/**
 * A list that arrives in pages: what has arrived, and how to get more. `key` names all that the pages depend on; while `refreshMs` gives a
 * number for what has arrived, it is read again that often.
 */
export function usePages<Item>(
  key: unknown[],
  read: (cursor: { cursor?: string }, signal: AbortSignal) => Promise<Page<Item>>,
  refreshMs: (items: Item[]) => number | false = () => false,
) {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ signal, pageParam }) => read(pageParam === undefined ? {} : { cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state }) => refreshMs(state.data?.pages.flatMap(({ items }) => items) ?? []),
  });
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data]);
  return { ...query, items };
}
