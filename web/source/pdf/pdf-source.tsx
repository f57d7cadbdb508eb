import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { Button } from '../../parts/button.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import type { Mark } from '../text/paragraphs.ts';
import { words } from '../words.ts';
import type { RecognizedPage, StoredPage } from './boxes.ts';
import { usePdf } from './open-documents.ts';
import type { PlacedMark } from './pdf-page.tsx';
import { PdfPages } from './pdf-pages.tsx';
import './pdf.css';

export { startReader } from './reader.ts';

interface Props {
  documentId: string;
  /** Undefined until they have arrived. */
  text: string | undefined;
  pageStarts: readonly number[] | undefined;
  marks: readonly Mark[];
  focus: Mark | undefined;
  onShowText: () => void;
}

const NO_STARTS: readonly number[] = [];

const NONE: ReadonlyMap<number, RecognizedPage> = new Map();

/** The pages of a PDF with marks where their places are certain. */
export default function PdfSource({ documentId, text, pageStarts, marks, focus, onShowText }: Props) {
  const texts = useWords(words);
  const { open, error } = usePdf(documentId);
  const recognized = useRecognized(documentId, pageStarts ?? NO_STARTS, marks);
  const stored = useMemo(
    () =>
      pageStarts?.map((start, index): StoredPage => ({ start, text: text?.slice(start, pageStarts[index + 1]) ?? '' })),
    [text, pageStarts],
  );
  const [placed, setPlaced] = useState<ReadonlyMap<string, PlacedMark>>(new Map());
  const onPlaced = useCallback((list: PlacedMark[]) => {
    setPlaced((before) => new Map([...before, ...list.map((each) => [keyOf(each), each] as const)]));
  }, []);
  const cited = marks.find(({ kind }) => kind === 'cited');
  const ofQuote = [...placed.values()].filter(({ mark }) => mark === cited);
  const unplaced = ofQuote.some(({ boxes }) => boxes === undefined);
  const marked = ofQuote.find(({ boxes }) => boxes?.length)?.page;

  if (error !== undefined) {
    return (
      <Notice tone="warn">
        {texts.noPdf} <ShowText onShowText={onShowText} />
      </Notice>
    );
  }
  if (!open || !stored || text === undefined) return <Loading />;
  return (
    <>
      <p role="status" className="sr-only">
        {marked === undefined ? '' : texts.marked(marked)}
      </p>
      {unplaced && cited ? (
        <div className="grid gap-2 border-b border-line bg-warn-soft p-3 text-sm">
          <p role="status">{texts.unplaced}</p>
          <blockquote className="max-h-32 overflow-y-auto border-l-4 border-line pl-3 whitespace-pre-line">
            {text.slice(cited.start, cited.end)}
          </blockquote>
          <ShowText onShowText={onShowText} />
        </div>
      ) : null}
      <PdfPages
        pdf={open.pdf}
        usual={open.firstSize}
        stored={stored}
        marks={marks}
        focus={focus}
        recognized={recognized}
        onPlaced={onPlaced}
      />
    </>
  );
}

const keyOf = ({ page, mark }: PlacedMark) => `${page} ${mark.kind} ${mark.start} ${mark.end}`;

function ShowText({ onShowText }: { onShowText: () => void }) {
  const texts = useWords(words);
  return (
    <div>
      <Button kind="secondary" onClick={onShowText}>
        {texts.showInText}
      </Button>
    </div>
  );
}

/** The words of scanned pages that marks are on; undefined until they have arrived. */
function useRecognized(documentId: string, pageStarts: readonly number[], marks: readonly Mark[]) {
  const { api } = useClient();
  const pageOf = (offset: number) => Math.max(1, pageStarts.findLastIndex((start) => start <= offset) + 1);
  const numbers = marks.flatMap(({ start, end }) => [pageOf(start), pageOf(end - 1)]);
  const firstPage = Math.min(...numbers);
  const lastPage = Math.max(...numbers);
  const { data, isError } = useQuery<ReadonlyMap<number, RecognizedPage>>({
    queryKey: ['readDocumentPages', documentId, firstPage, lastPage],
    enabled: numbers.length > 0 && pageStarts.length > 0,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const params = { path: { id: documentId }, query: { firstPage, lastPage } };
      const answer = await api.GET('/api/documents/{id}/pages', { params, signal });
      return new Map(answer.data.recognized.map((page): [number, RecognizedPage] => [page.page, page]));
    },
  });
  if (numbers.length === 0 || isError) return NONE;
  return data;
}
