import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Failure } from '../../app/problem.tsx';
import { Loading } from '../../parts/loading.tsx';

/** What was read, with its states: loading, failed, and failed again while older data is still shown. */
export function Read<Data>({ query, children }: { query: UseQueryResult<Data>; children: (data: Data) => ReactNode }) {
  const { data, error, refetch } = query;
  const failure = error ? <Failure error={error} onRetry={() => void refetch()} /> : null;
  if (data === undefined) return failure ?? <Loading />;
  return (
    <>
      {failure}
      {children(data)}
    </>
  );
}
