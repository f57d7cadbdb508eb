import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';

const REFRESH_MS = 10_000;

/** Alerts, rules, silences and channels, read again while the page is open. */
export function useAlerts() {
  const { api } = useClient();
  return useQuery({
    queryKey: ['listConsoleAlerts'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/alerts', { signal })).data,
    refetchInterval: REFRESH_MS,
  });
}
