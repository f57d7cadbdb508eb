import { useDeferredValue, useEffect, useState } from 'react';

const TYPING_MS = 250;

/** The value once it has stood still for a moment. */
export function useDelayed(value: string): string {
  const [delayed, setDelayed] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setDelayed(value), TYPING_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return useDeferredValue(delayed);
}
