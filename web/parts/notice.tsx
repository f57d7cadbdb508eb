import type { ReactNode } from 'react';
import { useWords } from '../app/language.tsx';
import { Button } from './button.tsx';

type Tone = 'info' | 'ok' | 'warn' | 'danger';

const words = { en: { retry: 'Try again' }, ru: { retry: 'Повторить' } };

const tones: Record<Tone, string> = {
  info: 'bg-accent-soft text-ink',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
};

/** A message within the page. Failures are read out at once, the rest when the reader is idle. */
export function Notice({
  tone = 'info',
  children,
  onRetry,
}: {
  tone?: Tone;
  children: ReactNode;
  onRetry?: () => void;
}) {
  const texts = useWords(words);
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={`flex flex-wrap items-center justify-between gap-3 rounded-md px-4 py-3 text-sm ${tones[tone]}`}
    >
      <div>{children}</div>
      {onRetry ? (
        <Button kind="quiet" onClick={onRetry}>
          {texts.retry}
        </Button>
      ) : null}
    </div>
  );
}
