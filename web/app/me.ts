import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from './client.tsx';

export type Me = Schemas['Profile'];
export type Role = Me['role'];

const STALE_MS = 60_000;

/** The person who is signed in, with their organization; undefined until it has arrived. */
export function useMe(): Me | undefined {
  const { api } = useClient();
  return useQuery({
    queryKey: ['readMe'],
    queryFn: async ({ signal }) => (await api.GET('/api/me', { signal })).data,
    staleTime: STALE_MS,
  }).data;
}

/** The least first. */
export const roleOrder: readonly Role[] = ['viewer', 'member', 'admin', 'owner'];

/** Whether a role is at least another: what it decides is which buttons are shown, never what is allowed. */
export const isAtLeast = (role: Role | undefined, least: Role): boolean =>
  role !== undefined && roleOrder.indexOf(role) >= roleOrder.indexOf(least);
