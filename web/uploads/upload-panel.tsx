import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import { useWords } from '../app/language.tsx';
import { Button } from '../parts/button.tsx';
import { type Entry, isSettled, stateOf, type UploadQueue } from './queue.ts';
import { maySendAgain, UploadRow } from './upload-row.tsx';
import { words } from './words.ts';

const ROW_PX = 68;

/** All files that were chosen, a row each, above the other screens; it folds into one line. */
export default function UploadPanel({
  queue,
  entries,
  open,
  onOpen,
}: {
  queue: UploadQueue;
  entries: readonly Entry[];
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  const texts = useWords(words);
  const [failedOnly, setFailedOnly] = useState(false);
  const failed = entries.filter((entry) => stateOf(entry) === 'failed');
  const done = entries.filter((entry) => ['ready', 'duplicate'].includes(stateOf(entry))).length;
  return (
    <section
      aria-label={texts.heading}
      className="fixed right-0 bottom-14 z-20 flex max-h-[70dvh] w-full max-w-md flex-col rounded-t-xl border border-line bg-raised shadow-lg md:right-4 md:bottom-0"
    >
      <div className="flex items-center justify-between gap-2 px-4 py-2">
        <h2 className="text-base">{texts.title(done, entries.length)}</h2>
        <Button kind="quiet" aria-expanded={open} onClick={() => onOpen(!open)}>
          {open ? texts.close : texts.open}
        </Button>
      </div>
      {/* Read out once, when nothing is on its way any more. */}
      <p role="status" className="sr-only">
        {entries.every(isSettled) ? texts.title(done, entries.length) : ''}
      </p>
      {open ? (
        <>
          <div className="flex flex-wrap items-center gap-x-2 border-y border-line px-4">
            <label className="flex items-center gap-2 text-sm">
              <input
                type="checkbox"
                checked={failedOnly}
                onChange={(event) => setFailedOnly(event.currentTarget.checked)}
              />
              {texts.failedOnly(failed.length)}
            </label>
            {failed.some(maySendAgain) ? (
              <Button
                kind="quiet"
                className="px-2!"
                onClick={() => failed.filter(maySendAgain).map(({ id }) => queue.retry(id))}
              >
                {texts.retryAll}
              </Button>
            ) : null}
            <Button kind="quiet" className="px-2!" onClick={queue.clear}>
              {texts.clear}
            </Button>
          </div>
          {failedOnly && failed.length === 0 ? <p className="p-4 text-muted">{texts.noneFailed}</p> : null}
          <Rows queue={queue} entries={failedOnly ? failed : entries} />
        </>
      ) : null}
    </section>
  );
}

function Rows({ queue, entries }: { queue: UploadQueue; entries: readonly Entry[] }) {
  const texts = useWords(words);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => (entries[index] as Entry).id,
    estimateSize: () => ROW_PX,
    overscan: 6,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section ref={scroller} tabIndex={0} aria-label={texts.files} className="min-h-0 overflow-y-auto">
      <ul className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <li
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            aria-setsize={entries.length}
            aria-posinset={item.index + 1}
            className="absolute inset-x-0 top-0 border-b border-line px-4 py-2"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <UploadRow queue={queue} entry={entries[item.index] as Entry} />
          </li>
        ))}
      </ul>
    </section>
  );
}
