import type { ReactNode } from 'react';

export type Tone = 'ok' | 'warn' | 'danger' | 'info' | 'quiet';

const tones: Record<Tone, string> = {
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
  info: 'bg-accent-soft text-ink',
  quiet: 'border border-line text-muted',
};

/** A state in a word; the colour only repeats what the word says. */
export const Badge = ({ tone, children }: { tone: Tone; children: ReactNode }) => (
  <span className={`inline-block rounded px-2 py-0.5 text-xs font-medium whitespace-nowrap ${tones[tone]}`}>
    {children}
  </span>
);
