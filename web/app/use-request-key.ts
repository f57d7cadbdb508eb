import { randomId } from '@pandect/client';
import { useRef } from 'react';

/**
 * The `Idempotency-Key` of a form: the same while the same values are sent again, as after a lost answer, so that nothing is made or paid twice.
 * `renew()` when the request has got its answer: the same values are then another request.
 */
export function useRequestKey() {
  const sent = useRef<{ values: string; key: string }>(undefined);
  return {
    keyOf(values: unknown): string {
      const text = JSON.stringify(values);
      if (sent.current?.values !== text) sent.current = { values: text, key: randomId() };
      return sent.current.key;
    },
    renew() {
      sent.current = undefined;
    },
  };
}
