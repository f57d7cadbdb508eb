import { useDeferredValue, useMemo, useState } from 'react';
import { useWords } from '../app/language.tsx';
import { findMatches } from './text/find-matches.ts';
import type { Mark } from './text/paragraphs.ts';
import { words } from './words.ts';

export interface Finding {
  typed: string;
  count: number;
  /** Of the match that is shown, from 0. */
  index: number;
  mark: Mark | undefined;
  type: (typed: string) => void;
  step: (by: 1 | -1) => void;
}

/** Words looked for in a stored text: where they stand there is where they are marked, on pages as well. */
export function useFinding(text: string | undefined): Finding {
  const [typed, setTyped] = useState('');
  const [index, setIndex] = useState(0);
  const wanted = useDeferredValue(typed);
  const matches = useMemo(() => (text === undefined ? [] : findMatches(text, wanted)), [text, wanted]);
  const match = matches[index];
  const mark = useMemo((): Mark | undefined => match && { ...match, kind: 'found' }, [match]);
  return {
    typed,
    count: matches.length,
    index,
    mark,
    type(next) {
      setTyped(next);
      setIndex(0);
    },
    step: (by) => setIndex((before) => (matches.length === 0 ? 0 : (before + by + matches.length) % matches.length)),
  };
}

export function FindField({ finding }: { finding: Finding }) {
  const texts = useWords(words);
  const { typed, count, index, type, step } = finding;
  return (
    <search className="flex min-w-0 flex-1 items-center gap-1">
      <input
        type="search"
        aria-label={texts.find}
        placeholder={texts.find}
        className="min-w-0 flex-1 rounded-md border border-line bg-surface px-2 py-1"
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') step(event.shiftKey ? -1 : 1);
          if (event.key !== 'Escape' || typed === '') return;
          event.stopPropagation();
          type('');
        }}
      />
      {typed.trim() === '' ? null : (
        <>
          <span role="status" className="text-sm whitespace-nowrap text-muted">
            {texts.found(index + 1, count)}
          </span>
          <StepButton label={texts.findPrevious} sign="↑" disabled={count < 2} onClick={() => step(-1)} />
          <StepButton label={texts.findNext} sign="↓" disabled={count < 2} onClick={() => step(1)} />
        </>
      )}
    </search>
  );
}

export function StepButton({
  label,
  sign,
  disabled,
  onClick,
}: {
  label: string;
  sign: string;
  disabled?: boolean;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      disabled={disabled}
      className="grid size-10 shrink-0 place-items-center rounded-md text-ink hover:bg-accent-soft disabled:opacity-50"
      onClick={onClick}
    >
      {sign}
    </button>
  );
}
