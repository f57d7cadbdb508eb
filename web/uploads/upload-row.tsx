import { ProblemError } from '@pandect/client';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useClient } from '../app/client.tsx';
import { useLanguage, useWords } from '../app/language.tsx';
import { formatNumber } from '../app/plural.ts';
import { useFailureText } from '../app/problem.tsx';
import { Button } from '../parts/button.tsx';
import { formatBytes } from '../parts/bytes.ts';
import { FilePath } from '../parts/file-path.tsx';
import { isPlanLimit } from '../parts/plan-limit.ts';
import { Time } from '../parts/time.tsx';
import { type Entry, type EntryState, stateOf, type UploadQueue } from './queue.ts';
import { words } from './words.ts';

const colours: Partial<Record<EntryState, string>> = { failed: 'text-danger', ready: 'text-ok', stalled: 'text-warn' };

/** The file itself is at fault: the same one would be refused again. */
const faulty = new Set([400, 413, 415, 422]);

/** Whether an upload has failed for a reason that may be gone. */
export const maySendAgain = ({ upload }: Entry): boolean =>
  upload?.state === 'failed' && !(upload.error instanceof ProblemError && faulty.has(upload.error.problem.status));

/** A file with what becomes of it: how far it is, or why it failed and what to do. */
export function UploadRow({ queue, entry }: { queue: UploadQueue; entry: Entry }) {
  const texts = useWords(words);
  const { api } = useClient();
  const state = stateOf(entry);
  const { upload, document, path, id } = entry;
  const retry =
    state !== 'failed'
      ? undefined
      : upload?.state === 'failed'
        ? maySendAgain(entry)
          ? () => queue.retry(id)
          : undefined
        : document &&
          (async () => {
            const { data } = await api.POST('/api/documents/{id}/retry', { params: { path: { id: document.id } } });
            queue.note([{ ...document, status: data.status, failure: null }]);
          });
  const documentId = upload?.document?.documentId;
  return (
    <div className="grid grid-cols-[1fr_auto] items-center gap-x-2">
      <div className="min-w-0">
        <p className="text-sm font-medium" title={path}>
          {documentId && state !== 'duplicate' ? (
            <Link to="/documents/$id" params={{ id: documentId }}>
              <FilePath path={path} />
            </Link>
          ) : (
            <FilePath path={path} />
          )}
        </p>
        <p className={`text-sm ${colours[state] ?? 'text-muted'}`}>
          <StateText entry={entry} state={state} />
        </p>
        {upload && (state === 'sending' || state === 'lost') ? (
          <progress aria-label={path} max={upload.totalBytes} value={upload.sentBytes} className="h-1 w-full" />
        ) : null}
      </div>
      <div className="flex">
        {retry ? (
          <Button kind="quiet" aria-label={`${texts.retry}: ${path}`} onClick={() => void retry()}>
            {texts.retry}
          </Button>
        ) : null}
        <Button kind="quiet" aria-label={texts.remove(path)} onClick={() => queue.remove(id)}>
          ✕
        </Button>
      </div>
    </div>
  );
}

function StateText({ entry: { upload, document }, state }: { entry: Entry; state: EntryState }): ReactNode {
  const { states, plans } = useWords(words);
  const { language } = useLanguage();
  const describe = useFailureText();
  const bytes = (count = 0) => formatBytes(language, count);
  switch (state) {
    case 'sending':
    case 'lost':
      return states[state](bytes(upload?.sentBytes), bytes(upload?.totalBytes));
    case 'duplicate':
      return document ? (
        <>
          {states.duplicate}{' '}
          <Link to="/documents/$id" params={{ id: document.id }}>
            {document.title}
          </Link>
        </>
      ) : (
        states.duplicateUnknown
      );
    case 'reading': {
      const { pagesDone = 0, pagesTotal = 0 } = document?.progress ?? {};
      if (pagesTotal === 0) return states.reading;
      return states.readingPages(formatNumber(language, pagesDone), formatNumber(language, pagesTotal));
    }
    case 'stalled':
      return (
        <>
          {states.stalled} <Time at={document?.stalledSince ?? new Date().toISOString()} />; {states.stalledHint}
        </>
      );
    case 'failed':
      if (upload?.state === 'cancelled') return states.cancelled;
      if (upload?.error instanceof ProblemError && isPlanLimit(upload.error)) {
        return (
          <>
            {describe(upload.error)} <Link to="/plans">{plans}</Link>
          </>
        );
      }
      return upload?.error ? describe(upload.error) : (document?.failure?.message ?? describe(undefined));
    default:
      return states[state];
  }
}
