import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { Button } from '../../../parts/button.tsx';
import type { ShownLine } from './log-ring.ts';
import { words } from './words.ts';

const ROW_PX = 28;
const OVERSCAN = 20;
/** So near to the end the view follows new lines. */
const NEAR_END_PX = 100;

const tones: Record<string, string> = {
  warn: 'text-warn',
  error: 'text-danger',
  fatal: 'text-danger font-semibold',
  debug: 'text-muted',
  trace: 'text-muted',
};

/** Lines, of which those in view are in the page. The view follows new ones only while it stands at the end. */
export function LogLines({ lines, onRequest }: { lines: readonly ShownLine[]; onRequest: (id: string) => void }) {
  const texts = useWords(words);
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => lines[index]?.key ?? index,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });
  const newest = lines.at(-1)?.key;
  const count = lines.length;
  useEffect(() => {
    if (isAtEnd && newest !== undefined) virtual.scrollToIndex(count - 1, { align: 'end' });
  }, [isAtEnd, newest, count, virtual]);
  const note = () => {
    const { current } = scroller;
    if (current) setAtEnd(current.scrollHeight - current.scrollTop - current.clientHeight < NEAR_END_PX);
  };
  return (
    <div className="relative">
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={texts.lines}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a pointer
        tabIndex={0}
        className="h-[60dvh] overflow-y-auto rounded-xl border border-line bg-surface font-mono text-xs"
        onScroll={note}
      >
        <ol className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map(({ key, index, start }) => (
            <li
              key={key}
              ref={virtual.measureElement}
              data-index={index}
              className="absolute inset-x-0 top-0 border-b border-line px-3 py-1"
              style={{ transform: `translateY(${start}px)` }}
            >
              <Row shown={lines[index]} onRequest={onRequest} />
            </li>
          ))}
        </ol>
      </div>
      {isAtEnd ? null : (
        <Button kind="secondary" className="absolute right-4 bottom-4 shadow" onClick={() => setAtEnd(true)}>
          {texts.toEnd}
        </Button>
      )}
    </div>
  );
}

function Row({ shown, onRequest }: { shown: ShownLine | undefined; onRequest: (id: string) => void }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  if (!shown) return null;
  if (!shown.line) return <span className="text-warn">{texts.gap}</span>;
  const { at, unit, level, message, requestId, fields } = shown.line;
  const details = Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ');
  return (
    <div className="flex flex-wrap gap-x-3">
      <time dateTime={at} title={at} className="text-muted">
        {timeText(language, at)}
      </time>
      <span className="text-muted">{unit}</span>
      <span className={tones[level ?? ''] ?? ''}>{level ?? ''}</span>
      <span dir="auto" className={`min-w-0 break-words ${tones[level ?? ''] ?? ''}`}>
        {message}
      </span>
      {details ? (
        <span dir="auto" className="min-w-0 break-words text-muted">
          {details}
        </span>
      ) : null}
      {requestId ? (
        <button
          type="button"
          className="text-accent underline"
          aria-label={texts.onlyRequest(requestId)}
          onClick={() => onRequest(requestId)}
        >
          {requestId}
        </button>
      ) : null}
    </div>
  );
}

const formats = Object.fromEntries(
  (['en', 'ru'] as const).map((language) => [
    language,
    new Intl.DateTimeFormat(language, {
      ...{ month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
      ...{ fractionalSecondDigits: 3, hourCycle: 'h23' },
    } as Intl.DateTimeFormatOptions),
  ]),
) as Record<'en' | 'ru', Intl.DateTimeFormat>;

const timeText = (language: 'en' | 'ru', at: string): string => {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : formats[language].format(date);
};
