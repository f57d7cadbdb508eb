import type { Schemas } from '@pandect/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useClient } from './client.tsx';

export type Me = Schemas['Profile'];
export type Role = Me['role'];
export type MeChange = Partial<Pick<Me, 'language' | 'theme'>>;

const STALE_MS = 60_000;
const KEY = ['readMe'];

/** The person who is signed in, with their organization, settings and sessions. */
export function useMeQuery() {
  const { api } = useClient();
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await api.GET('/api/me', { signal })).data,
    staleTime: STALE_MS,
  });
}

/** The same; undefined until it has arrived. */
export const useMe = (): Me | undefined => useMeQuery().data;

/** The address of who is or was signed in on this page; undefined before it was read. */
export function useKnownEmail(): string | undefined {
  const queries = useQueryClient();
  const cache = queries.getQueryCache();
  return useSyncExternalStore(
    (changed) => cache.subscribe(changed),
    () => queries.getQueryData<Me>(KEY)?.email,
  );
}

export function useUpdateMe() {
  const { api } = useClient();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (change: MeChange) => (await api.PATCH('/api/me', { body: change })).data,
    onSuccess: (me) => queries.setQueryData(KEY, me),
  });
}

/** Reads it again, after something that changes it. */
export function useReloadMe(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: KEY });
}

/** The least first. */
export const roleOrder: readonly Role[] = ['viewer', 'member', 'admin', 'owner'];

/** Whether a role is at least another: what it decides is which buttons are shown, never what is allowed. */
export const isAtLeast = (role: Role | undefined, least: Role): boolean =>
  role !== undefined && roleOrder.indexOf(role) >= roleOrder.indexOf(least);
