import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';

/** The plans of the platform, the cheapest first. */
export function usePlans() {
  const { api } = useClient();
  return useQuery({
    queryKey: ['listPlans'],
    queryFn: async ({ signal }) => (await api.GET('/api/plans', { signal })).data.items,
    staleTime: 60_000,
  });
}
