import { useQuery } from '@tanstack/react-query';
import { useClient } from './client.tsx';

/** The organization's plan, subscription and open invoices. @param options as of `useQuery` */
export function useSubscription(options: { enabled?: boolean; staleTime?: number } = {}) {
  const { api } = useClient();
  return useQuery({
    queryKey: ['getSubscription'],
    queryFn: async ({ signal }) => (await api.GET('/api/subscription', { signal })).data,
    ...options,
  });
}
