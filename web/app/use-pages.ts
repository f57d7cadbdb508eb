import { useInfiniteQuery } from '@tanstack/react-query';

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
  return { ...query, items: query.data?.pages.flatMap(({ items }) => items) };
}
