import type { Schemas } from '@pandect/client';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { saveFile } from '../../app/download.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { Failure, isMissing } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { ConfirmButton } from '../../parts/confirm.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Screen } from '../../parts/screen.tsx';
import { DocumentView } from '../../source/document-view.tsx';
import { ChooseFiles } from '../../uploads/choose-files.tsx';
import { useDocumentEvents, useUploads } from '../../uploads/uploads.tsx';
import { CompareChoice } from './compare-choice.tsx';
import { Facts } from './facts.tsx';
import { documentRoute } from './route.ts';
import { useShownDocument } from './use-shown-document.ts';
import { Versions } from './versions.tsx';
import { words } from './words.ts';

type Shown = Schemas['Document'];

/** A document: its pages or text, what is known of it, its versions. */
export default function Document() {
  const texts = useWords(words);
  const { id } = documentRoute.useParams();
  const { data: document, error, refetch } = useShownDocument(id);
  const queries = useQueryClient();
  useDocumentEvents(({ event, data }) => {
    if (event === 'status' && data.id === id) queries.setQueryData(['getDocument', id], data);
    if (event === 'deleted' && data.id === id) void refetch();
    if (event === 'list') void refetch();
  });
  return (
    <Screen
      heading={document?.title ?? texts.loading}
      wide
      actions={document ? <Actions document={document} /> : undefined}
    >
      {error && !document ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {isMissing(error) ? <Link to="/documents">{texts.toList}</Link> : null}
      {document || error ? null : <Loading />}
      {document ? <Details document={document} /> : null}
    </Screen>
  );
}

const hasText = ({ status }: Shown) => status === 'ready' || status === 'replaced';

function Details({ document }: { document: Shown }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { id, replacedBy, notices, noticesOmitted } = document;
  return (
    <>
      {replacedBy ? (
        <Notice tone="warn">
          {texts.replaced}{' '}
          <Link to="/documents/$id" params={{ id: replacedBy }}>
            {texts.showNewer}
          </Link>
        </Notice>
      ) : null}
      <Facts document={document} />
      {notices.length > 0 ? (
        <details className="rounded-md bg-warn-soft px-4 py-3 text-sm text-warn">
          <summary>{texts.notices}</summary>
          <ul className="mt-2 list-disc pl-5">
            {notices.map(({ kind, page, detail, message }) => (
              <li key={`${kind} ${page} ${detail}`}>{message}</li>
            ))}
            {noticesOmitted > 0 ? <li>{texts.more(formatNumber(language, noticesOmitted))}</li> : null}
          </ul>
        </details>
      ) : null}
      <Versions document={document} />
      {hasText(document) ? (
        <section
          aria-label={texts.content}
          className="flex h-[80dvh] min-h-96 flex-col overflow-hidden rounded-xl border border-line bg-surface"
        >
          <DocumentView documentId={id} />
        </section>
      ) : (
        <Notice>{document.status === 'failed' ? texts.unreadable : texts.notRead}</Notice>
      )}
    </>
  );
}

function Actions({ document }: { document: Shown }) {
  const texts = useWords(words);
  const client = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { mayUpload } = useUploads();
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const { id, title, fileName, status } = document;
  const run = async (act: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    await act().catch(setError);
    setBusy(false);
  };
  const download = async () => {
    const { data, response } = await client.api.GET('/api/documents/{id}/content', {
      params: { path: { id } },
      parseAs: 'blob',
    });
    saveFile(response, data as Blob, fileName);
  };
  const retry = async () => {
    await client.api.POST('/api/documents/{id}/retry', { params: { path: { id } } });
    await queries.invalidateQueries({ queryKey: ['getDocument', id] });
  };
  const remove = async () => {
    await client.api.DELETE('/api/documents/{id}', { params: { path: { id } } });
    await queries.invalidateQueries({ queryKey: ['listDocuments'] });
    await navigate({ to: '/documents' });
  };
  return (
    <>
      <Button kind="secondary" busy={isBusy} onClick={() => void run(download)}>
        {texts.download}
      </Button>
      {hasText(document) ? <CompareChoice document={document} /> : null}
      {mayUpload && status === 'ready' ? <ChooseFiles replaces={id} /> : null}
      {mayUpload && status === 'failed' ? (
        <Button kind="secondary" busy={isBusy} onClick={() => void run(retry)}>
          {texts.retry}
        </Button>
      ) : null}
      {mayUpload ? (
        <ConfirmButton text={texts.remove} name={`${texts.remove}: ${title}`} question={texts.removeAsk} act={remove} />
      ) : null}
      {error ? <Failure error={error} /> : null}
    </>
  );
}
