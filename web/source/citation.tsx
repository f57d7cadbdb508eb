import { useId, useRef } from 'react';
import { useWords } from '../app/language.tsx';
import type { Cited } from './cited.ts';
import { useIsSource, useSource } from './open-source.ts';
import { prefetchSource } from './prefetch-source.ts';
import { words } from './words.ts';

const OPEN_AFTER_MS = 150;
const GAP_PX = 6;

/**
 * The mark of a citation in an answer, such as `[2]`. Hovering or focusing shows the quote, a click opens the source next to the
 * answer.
 */
export function Citation({ number, cited }: { number: number; cited: Cited }) {
  const texts = useWords(words);
  const { open } = useSource();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const quote = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const { documentId: doc, start, end, title, page } = cited;
  const isCurrent = useIsSource((at) => at.doc === doc && at.start === start && at.end === end);
  const show = () => {
    if (page !== null) prefetchSource();
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      if (!button.current || !quote.current) return;
      quote.current.showPopover();
      stand(quote.current, button.current);
    }, OPEN_AFTER_MS);
  };
  const hide = () => {
    clearTimeout(timer.current);
    quote.current?.hidePopover();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={texts.citation(number, title)}
        aria-describedby={id}
        aria-current={isCurrent || undefined}
        className="mx-0.5 rounded bg-accent-soft px-1.5 align-baseline text-sm font-medium text-accent aria-[current]:bg-mark aria-[current]:text-ink"
        onMouseEnter={show}
        onMouseLeave={hide}
        onFocus={show}
        onBlur={hide}
        onKeyDown={(event) => event.key === 'Escape' && hide()}
        onClick={() => {
          hide();
          open({ doc, start, end });
        }}
      >
        {number}
      </button>
      <div
        ref={quote}
        id={id}
        role="tooltip"
        popover="manual"
        className="fixed m-0 max-h-60 w-80 max-w-[90vw] overflow-hidden rounded-lg border border-line bg-raised p-3 text-sm text-ink shadow-lg"
      >
        <p className="mb-1 font-medium">
          {title}
          {page === null ? '' : ` · ${texts.page(page)}`}
        </p>
        <blockquote className="line-clamp-8 text-muted">{cited.quote}</blockquote>
      </div>
    </>
  );
}

/** Puts the quote above its mark, or below where there is no room. */
function stand(quote: HTMLElement, mark: HTMLElement): void {
  const at = mark.getBoundingClientRect();
  const { width, height } = quote.getBoundingClientRect();
  const left = Math.max(GAP_PX, Math.min(at.left, window.innerWidth - width - GAP_PX));
  const above = at.top - height - GAP_PX;
  quote.style.left = `${left}px`;
  quote.style.top = `${above >= GAP_PX ? above : at.bottom + GAP_PX}px`;
}
