import type { ReactNode } from 'react';

/** What a list shows before it has anything: why, and one next step. */
export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-4 rounded-xl border border-dashed border-line px-6 py-12 text-center text-muted">
      <p>{children}</p>
      {action}
    </div>
  );
}
