import type { ReactNode } from 'react';
import { Go } from '../app/go.tsx';

/** A number with its name, which leads to what it comes from. */
export function Figure({
  name,
  value,
  detail,
  to,
  isBad = false,
}: {
  name: string;
  value: ReactNode;
  detail?: ReactNode;
  to: string;
  isBad?: boolean;
}) {
  return (
    <li>
      <Go
        to={to}
        className={`grid h-full content-start gap-0.5 rounded-xl border bg-surface p-4 text-ink no-underline hover:bg-accent-soft ${isBad ? 'border-danger' : 'border-line'}`}
      >
        <span className="text-sm text-muted">{name}</span>
        <span className={`text-2xl font-semibold tabular-nums ${isBad ? 'text-danger' : ''}`}>{value}</span>
        {detail ? <span className="text-sm text-muted">{detail}</span> : null}
      </Go>
    </li>
  );
}
