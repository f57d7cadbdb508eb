import { lazy, Suspense, useMemo, useState } from 'react';
import { useWords } from '../app/language.tsx';
import { Failure, isMissing } from '../app/problem.tsx';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { FindField, useFinding } from './find-field.tsx';
import type { Mark } from './text/paragraphs.ts';
import { TextSource } from './text/text-source.tsx';
import { useDocument } from './use-document.ts';
import { words } from './words.ts';

const PdfSource = lazy(() => import('./pdf/pdf-source.tsx'));

interface Props {
  documentId: string;
  /** Of a quote in the stored text, which is marked and brought into view. */
  start?: number | undefined;
  end?: number | undefined;
}

/** The pages of a document, or its text, with a field to find words in it. It fills a column of a given height. */
export function DocumentView({ documentId, start, end }: Props) {
  const { document, text, pageStarts, error, retry } = useDocument(documentId);
  const finding = useFinding(text);
  const [view, setView] = useState<'pages' | 'text'>('pages');
  const cited = useMemo(
    (): Mark | undefined => (start === undefined || end === undefined ? undefined : { start, end, kind: 'cited' }),
    [start, end],
  );
  const marks = useMemo(() => [cited, finding.mark].filter((mark) => mark !== undefined), [cited, finding.mark]);
  const focus = finding.mark ?? cited;
  const hasPages = document?.format === 'pdf' && pageStarts?.length !== 0;
  if (error) return <Missing error={error} onRetry={retry} />;
  return (
    <>
      <div className="flex items-center gap-2 border-b border-line p-2">
        <FindField finding={finding} />
        {hasPages ? <ViewChoice view={view} onChoose={setView} /> : null}
      </div>
      {hasPages && view === 'pages' ? (
        // The file is opened while its text is on the way.
        <Suspense fallback={<Loading />}>
          <PdfSource
            key={documentId}
            documentId={documentId}
            text={text}
            pageStarts={pageStarts}
            marks={marks}
            focus={focus}
            onShowText={() => setView('text')}
          />
        </Suspense>
      ) : document && text !== undefined ? (
        <TextSource key={documentId} text={text} marks={marks} focus={focus} />
      ) : (
        <Loading />
      )}
    </>
  );
}

function Missing({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const texts = useWords(words);
  return (
    <div className="p-4">
      {isMissing(error) ? <Notice tone="warn">{texts.gone}</Notice> : <Failure error={error} onRetry={onRetry} />}
    </div>
  );
}

function ViewChoice({ view, onChoose }: { view: 'pages' | 'text'; onChoose: (view: 'pages' | 'text') => void }) {
  const texts = useWords(words);
  return (
    <fieldset className="flex rounded-md border border-line">
      <legend className="sr-only">{texts.view}</legend>
      {(['pages', 'text'] as const).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={view === each}
          className="min-h-9 rounded-md px-3 text-sm aria-pressed:bg-accent-soft aria-pressed:font-semibold"
          onClick={() => onChoose(each)}
        >
          {each === 'pages' ? texts.showPages : texts.showText}
        </button>
      ))}
    </fieldset>
  );
}
