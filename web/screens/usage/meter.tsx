import type { ReactNode } from 'react';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { Time } from '../../parts/time.tsx';
import { words } from './words.ts';

export interface Count {
  used: number;
  limit: number;
  left: number;
}

/** From this share of the limit on the bar warns. */
const WARN_FROM = 0.8;

/** One limit: what is used of it, what is left, and when it begins again. */
export function Meter({
  name,
  count: { used, limit, left },
  resetAt,
  format,
}: {
  name: ReactNode;
  count: Count;
  resetAt?: string | undefined;
  format?: (value: number) => string;
}) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const show = format ?? ((value: number) => formatNumber(language, value));
  const share = limit === 0 ? 1 : Math.min(used / limit, 1);
  const colour = share >= 1 ? 'bg-danger' : share >= WARN_FROM ? 'bg-warn' : 'bg-accent';
  return (
    <li className="grid content-start gap-2 rounded-xl border border-line bg-surface p-4">
      <p className="font-medium first-letter:uppercase">{name}</p>
      <div className="h-2 overflow-hidden rounded-full bg-line" aria-hidden="true">
        <div className={`h-full ${colour}`} style={{ width: `${share * 100}%` }} />
      </div>
      <p className="text-sm">
        {show(used)} {texts.of} {show(limit)}, {texts.left} {show(left)}
      </p>
      {resetAt ? (
        <p className="text-sm text-muted">
          {texts.resets} <Time at={resetAt} />
        </p>
      ) : null}
    </li>
  );
}
