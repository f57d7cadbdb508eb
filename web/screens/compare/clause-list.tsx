import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useWords } from '../../app/language.tsx';
import { isTyping } from '../../app/shortcuts.tsx';
import { Button } from '../../parts/button.tsx';
import { type Clause, isChange, nextChange, piecesOf, type Row, rowsOf } from './redline.ts';
import { words } from './words.ts';

const ROW_PX = 96;
const OVERSCAN = 6;

/** Clauses with their changes; `n` and `p` lead from one change to the next. */
export function ClauseList({ clauses, before, after }: { clauses: readonly Clause[]; before: string; after: string }) {
  const texts = useWords(words);
  const hasChanges = useMemo(() => clauses.some(isChange), [clauses]);
  const [isWhole, setWhole] = useState(false);
  const rows = useMemo(() => rowsOf(clauses, isWhole || !hasChanges), [clauses, isWhole, hasChanges]);
  const [current, setCurrent] = useState(-1);
  const list = useRef<HTMLOListElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => setTop(list.current?.offsetTop ?? 0), []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const step = (by: 1 | -1) => {
    const next = nextChange(rows, current === -1 && by === -1 ? 0 : current, by);
    if (next === -1) return;
    setCurrent(next);
    virtual.scrollToIndex(next, { align: 'center' });
  };
  useStepKeys(step);
  const show = (next: boolean) => {
    setCurrent(-1);
    setWhole(next);
  };
  return (
    <>
      <div className="sticky top-0 z-10 flex flex-wrap items-center gap-2 bg-paper py-2">
        <Button kind="secondary" disabled={!hasChanges} onClick={() => step(-1)}>
          {texts.previous}
        </Button>
        <Button kind="secondary" disabled={!hasChanges} aria-keyshortcuts="n" onClick={() => step(1)}>
          {texts.next}
        </Button>
        <label className="ml-auto flex items-center gap-2 text-sm">
          <input type="checkbox" checked={isWhole} onChange={(event) => show(event.currentTarget.checked)} />
          {texts.whole}
        </label>
      </div>
      <ol ref={list} aria-label={texts.list} className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            aria-current={item.index === current || undefined}
            className="absolute inset-x-0 top-0 pb-2"
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <RowView
              row={rows[item.index] as Row}
              isCurrent={item.index === current}
              {...{ before, after }}
              onUnfold={() => show(true)}
            />
          </li>
        ))}
      </ol>
    </>
  );
}

function useStepKeys(step: (by: 1 | -1) => void) {
  const latest = useRef(step);
  latest.current = step;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === 'n') latest.current(1);
      if (event.key === 'p') latest.current(-1);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}

/** Colour alone would not tell everybody. */
const signs: Record<Clause['change'], string> = {
  same: '',
  renumbered: '#',
  changed: '±',
  moved: '↕',
  inserted: '+',
  removed: '−',
};

const edges: Record<Clause['change'], string> = {
  same: 'border-line',
  renumbered: 'border-line',
  changed: 'border-accent',
  moved: 'border-warn',
  inserted: 'border-ok',
  removed: 'border-danger',
};

function RowView({
  row,
  isCurrent,
  before,
  after,
  onUnfold,
}: {
  row: Row;
  isCurrent: boolean;
  before: string;
  after: string;
  onUnfold: () => void;
}) {
  const texts = useWords(words);
  if ('folded' in row) {
    return (
      <button
        type="button"
        className="w-full rounded-md border border-dashed border-line py-1 text-sm text-muted"
        onClick={onUnfold}
      >
        {texts.folded(row.folded)}
      </button>
    );
  }
  const { clause } = row;
  return (
    <article
      className={`rounded-md border-l-4 bg-surface px-4 py-2 ${edges[clause.change]} ${isCurrent ? 'outline-2 outline-accent' : ''}`}
    >
      {isChange(clause) ? (
        <p className="text-sm text-muted">
          <span aria-hidden="true" className="mr-1 font-semibold">
            {signs[clause.change]}
          </span>
          {texts.changes[clause.change]}
        </p>
      ) : null}
      <Redline clause={clause} before={before} after={after} />
    </article>
  );
}

function Redline({ clause, before, after }: { clause: Clause; before: string; after: string }) {
  const pieces = useMemo(() => piecesOf(clause, before, after), [clause, before, after]);
  let at = 0;
  return (
    <p className="font-serif leading-relaxed whitespace-pre-wrap">
      {pieces.map(({ kind, text }) => {
        at += text.length;
        const key = `${kind} ${at}`;
        if (kind === 'inserted') {
          return (
            <ins key={key} className="bg-ok-soft text-ok underline decoration-2">
              {text}
            </ins>
          );
        }
        if (kind === 'removed') {
          return (
            <del key={key} className="bg-danger-soft text-danger line-through">
              {text}
            </del>
          );
        }
        return text;
      })}
    </p>
  );
}
