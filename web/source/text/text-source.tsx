import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useWords } from '../../app/language.tsx';
import { words } from '../words.ts';
import { type Mark, markedPieces, paragraphAt, paragraphsOf } from './paragraphs.ts';

const ESTIMATED_PX = 48;
const OVERSCAN = 8;

/** The stored text, in which the place of a quote is exact by definition. Long texts are in the page as far as they are seen. */
export function TextSource({ text, marks, focus }: { text: string; marks: readonly Mark[]; focus: Mark | undefined }) {
  const texts = useWords(words);
  const scroller = useRef<HTMLDivElement>(null);
  const paragraphs = useMemo(() => paragraphsOf(text), [text]);
  const virtual = useVirtualizer({
    count: paragraphs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ESTIMATED_PX,
    overscan: OVERSCAN,
  });
  const offset = focus?.start;
  useEffect(() => {
    if (offset === undefined) return;
    // Behind what the router does to scroll positions.
    const frame = requestAnimationFrame(() => {
      virtual.scrollToIndex(paragraphAt(paragraphs, offset), { align: 'center' });
    });
    return () => cancelAnimationFrame(frame);
  }, [offset, paragraphs, virtual]);
  return (
    <section
      ref={scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
      tabIndex={0}
      aria-label={texts.showText}
      className="min-h-0 flex-1 overflow-y-auto bg-surface"
    >
      <div className="relative mx-auto max-w-prose" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const paragraph = paragraphs[item.index] ?? { start: 0, end: 0 };
          return (
            <p
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className="absolute inset-x-0 top-0 px-4 py-1 font-serif leading-relaxed whitespace-pre-wrap"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {markedPieces(paragraph, marks).map(({ start, end, kind }) =>
                kind ? (
                  <mark
                    key={start}
                    data-kind={kind}
                    className={kind === 'found' ? 'bg-warn-soft text-ink outline' : 'bg-mark text-ink'}
                  >
                    {text.slice(start, end)}
                  </mark>
                ) : (
                  text.slice(start, end)
                ),
              )}
            </p>
          );
        })}
      </div>
    </section>
  );
}
