import type { Schemas } from '@pandect/client';
import { useClient } from '../../app/client.tsx';
import { go, placeOfChange } from '../app/place.ts';

export type UnitAction =
  | { action: 'deploy' | 'restart' | 'promote' | 'abort' }
  | { action: 'rollback' | 'preview' | 'end-preview'; release?: string }
  | { action: 'canary'; percent: number }
  | { action: 'scale'; instances: number | null };

/** What is read again after a change of a unit. */
export const staleUnits = [['getConsoleUnit'], ['listConsoleUnits'], ['getConsoleOverview']];

/** Begins a change of a unit. */
export function useBeginChange(): (unit: string, body: UnitAction, key: string) => Promise<Schemas['ConsoleChange']> {
  const { api } = useClient();
  return async (unit, body, key) =>
    (
      await api.POST('/api/operator/units/{unit}/changes', {
        params: { path: { unit }, header: { 'idempotency-key': key } },
        body,
      })
    ).data;
}

/** Shows the steps of a change as they happen, on the page of its unit. */
export const showChange = (change: Pick<Schemas['ConsoleChange'], 'unit' | 'id'>): void => go(placeOfChange(change));
