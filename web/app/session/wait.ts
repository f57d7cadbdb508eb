import { useEffect, useState } from 'react';

const SECOND_MS = 1000;

/** Counts whole seconds down: `start(15)`, then `left` says how many remain, 0 at the end. */
export function useWait(): { left: number; start: (seconds: number) => void } {
  const [until, setUntil] = useState(0);
  const [now, setNow] = useState(0);
  useEffect(() => {
    if (now >= until) return;
    const timer = setTimeout(() => setNow(performance.now()), Math.min(SECOND_MS, until - now));
    return () => clearTimeout(timer);
  }, [now, until]);
  return {
    left: Math.max(0, Math.ceil((until - now) / SECOND_MS)),
    start(seconds) {
      const at = performance.now();
      setNow(at);
      setUntil(at + seconds * SECOND_MS);
    },
  };
}
