import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useWords } from '../app/language.tsx';
import { isTyping } from '../app/shortcuts.tsx';
import { Notice } from '../parts/notice.tsx';
import { type Cited, isSamePlace, useCited } from './cited.ts';
import { DocumentView } from './document-view.tsx';
import { StepButton } from './find-field.tsx';
import { useDocument } from './use-document.ts';
import { words } from './words.ts';

export interface SourcePanelProps {
  documentId: string;
  /** Of the quote in the stored text; without them the document is shown from its beginning. */
  start: number | undefined;
  end: number | undefined;
  onClose: () => void;
  onOpen: (cited: Cited) => void;
}

/** A document with the quoted words marked, next to what quotes it. */
export default function SourcePanel({ documentId, start, end, onClose, onOpen }: SourcePanelProps) {
  const texts = useWords(words);
  const { document } = useDocument(documentId);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <aside
      aria-labelledby="source-title"
      className="fixed inset-0 z-30 flex flex-col border-l border-line bg-surface lg:sticky lg:top-0 lg:z-0 lg:h-dvh"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <header className="flex items-start gap-1 border-b border-line p-2">
        <h2 ref={heading} id="source-title" tabIndex={-1} className="min-w-0 flex-1 px-2 py-1.5 outline-none">
          <span className="sr-only">{texts.source}: </span>
          <Link to="/documents/$id" params={{ id: documentId }} className="text-ink">
            {document?.title ?? '…'}
          </Link>
        </h2>
        <Steps documentId={documentId} start={start} end={end} onOpen={onOpen} />
        <StepButton label={texts.close} sign="✕" onClick={onClose} />
      </header>
      {document?.replacedBy ? <Notice tone="warn">{texts.replaced}</Notice> : null}
      <DocumentView documentId={documentId} start={start} end={end} />
    </aside>
  );
}

/** The previous and the next citation of the screen next to the source. */
function Steps({ documentId, start, end, onOpen }: Pick<SourcePanelProps, 'documentId' | 'start' | 'end' | 'onOpen'>) {
  const texts = useWords(words);
  const all = useCited();
  const index = all.findIndex((each) => isSamePlace(each, { documentId, start: start ?? -1, end: end ?? -1 }));
  const before = index > 0 ? all[index - 1] : undefined;
  const after = index === -1 ? undefined : all[index + 1];
  useEffect(() => {
    const step = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const wanted = event.key === '[' ? before : event.key === ']' ? after : undefined;
      if (wanted) onOpen(wanted);
    };
    window.addEventListener('keydown', step);
    return () => window.removeEventListener('keydown', step);
  }, [before, after, onOpen]);
  if (index === -1 || all.length < 2) return null;
  return (
    <div className="flex items-center">
      <StepButton label={texts.previous} sign="‹" disabled={!before} onClick={() => before && onOpen(before)} />
      <span className="text-sm whitespace-nowrap text-muted">{texts.position(index + 1, all.length)}</span>
      <StepButton label={texts.next} sign="›" disabled={!after} onClick={() => after && onOpen(after)} />
    </div>
  );
}
