import type { Schemas } from '@pandect/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useClient } from '../../app/client.tsx';

/** Messages before those that come with a conversation, oldest first; pages are read when they are asked for. */
export function useEarlier(id: string, cursor: string | null) {
  const { api } = useClient();
  const pages = useInfiniteQuery({
    queryKey: ['listMessages', id, cursor],
    enabled: false,
    initialPageParam: cursor ?? '',
    queryFn: async ({ signal, pageParam }) => {
      const query = { cursor: pageParam, limit: 50 };
      return (await api.GET('/api/conversations/{id}/messages', { params: { path: { id }, query }, signal })).data;
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const messages = useMemo<Schemas['Message'][]>(
    () => (pages.data?.pages.flatMap(({ items }) => items) ?? []).toReversed(),
    [pages.data],
  );
  const sources = useMemo(() => pages.data?.pages.flatMap((page) => page.sources) ?? [], [pages.data]);
  return {
    messages,
    sources,
    hasMore: cursor !== null && (pages.data === undefined || pages.hasNextPage),
    isLoading: pages.isFetching,
    load: () => void (pages.data === undefined ? pages.refetch() : pages.fetchNextPage()),
  };
}
