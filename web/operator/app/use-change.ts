import { randomId } from '@pandect/client';
import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useWithFreshSignIn } from './fresh-sign-in.tsx';

/**
 * A change of the platform. It is sent with an `Idempotency-Key` that stays the same while the same values are sent again: after a lost
 * answer, and after the password was entered once more.
 * @param stale what has to be read again afterwards, whatever became of it
 */
export function useChange<Values, Result>({
  act,
  stale = [],
  onDone,
}: {
  act: (values: Values, key: string) => Promise<Result>;
  stale?: QueryKey[];
  onDone?: (result: Result, values: Values) => void;
}) {
  const queries = useQueryClient();
  const withFreshSignIn = useWithFreshSignIn();
  const sent = useRef<{ values: string; key: string }>(undefined);
  return useMutation({
    mutationFn: (values: Values) => {
      const text = JSON.stringify(values) ?? '';
      if (sent.current?.values !== text) sent.current = { values: text, key: randomId() };
      const { key } = sent.current;
      return withFreshSignIn(() => act(values, key));
    },
    onSuccess: (result, values) => {
      sent.current = undefined;
      onDone?.(result, values);
    },
    onSettled: () => Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
