import type { Schemas } from '@pandect/client';
import { useClient } from '../../../app/client.tsx';
import { actInParts } from './act-in-parts.ts';

type State = Schemas['ConsoleJob']['state'];
export type JobAction = 'retry' | 'discard';

/** Those named, or all of a filter as they were counted. */
export type Wanted =
  | { ids: string[] }
  | { queue?: string; state: 'waiting' | 'retrying' | 'dead'; count: number; asOf: string };

/** What is read again afterwards. */
export const staleJobs = [['listConsoleJobs'], ['getConsoleJob'], ['listConsoleQueues'], ['getConsoleOverview']];

export const mayBe: Record<JobAction, readonly State[]> = { retry: ['dead'], discard: ['waiting', 'retrying', 'dead'] };

export function useActOnJobs(): (
  action: JobAction,
  wanted: Wanted,
  key: string,
) => Promise<Schemas['ConsoleJobsDone']> {
  const { api } = useClient();
  const send = async (action: JobAction, wanted: Wanted, key: string) => {
    const params = { header: { 'idempotency-key': key } };
    if (action === 'discard') return (await api.POST('/api/operator/jobs/discard', { params, body: wanted })).data;
    const body = 'ids' in wanted ? wanted : { ...wanted, state: 'dead' as const };
    return (await api.POST('/api/operator/jobs/retry', { params, body })).data;
  };
  return async (action, wanted, key) => {
    if (!('ids' in wanted)) return send(action, wanted, key);
    return actInParts(wanted.ids, key, (ids, partKey) => send(action, { ids }, partKey));
  };
}
