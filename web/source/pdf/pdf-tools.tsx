import { useState } from 'react';
import { useWords } from '../../app/language.tsx';
import { words } from '../words.ts';

const tool = 'grid size-10 place-items-center rounded-md text-ink hover:bg-accent-soft';

/** The page number, zoom and rotation. */
export function PdfTools({
  page,
  pages,
  onPage,
  onZoom,
  onFit,
  onTurn,
}: {
  page: number;
  pages: number;
  onPage: (page: number) => void;
  onZoom: (direction: 'in' | 'out') => void;
  onFit: () => void;
  onTurn: () => void;
}) {
  const texts = useWords(words);
  const [typed, setTyped] = useState<string>();
  const leave = () => {
    const wanted = Number(typed);
    if (typed !== undefined && Number.isInteger(wanted) && wanted >= 1) onPage(Math.min(wanted, pages));
    setTyped(undefined);
  };
  return (
    <div className="flex flex-wrap items-center gap-1 border-b border-line px-2 text-sm">
      <label className="flex items-center gap-1">
        <span className="sr-only">{texts.pageNumber}</span>
        <input
          inputMode="numeric"
          className="w-14 rounded-md border border-line bg-surface px-2 py-1 text-right"
          value={typed ?? page}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onBlur={leave}
          onKeyDown={(event) => event.key === 'Enter' && leave()}
        />
        <span className="text-muted">{texts.ofPages(pages)}</span>
      </label>
      <span className="flex-1" />
      <button
        type="button"
        className={tool}
        aria-label={texts.zoomOut}
        title={texts.zoomOut}
        onClick={() => onZoom('out')}
      >
        −
      </button>
      <button
        type="button"
        className={tool}
        aria-label={texts.zoomIn}
        title={texts.zoomIn}
        onClick={() => onZoom('in')}
      >
        +
      </button>
      <button type="button" className={tool} aria-label={texts.fitWidth} title={texts.fitWidth} onClick={onFit}>
        ↔
      </button>
      <button type="button" className={tool} aria-label={texts.rotate} title={texts.rotate} onClick={onTurn}>
        ↻
      </button>
    </div>
  );
}
