import type { Schemas } from '@pandect/client';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { saveFile } from '../../app/download.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Screen } from '../../parts/screen.tsx';
import { ClauseList } from './clause-list.tsx';
import type { Comparison } from './redline.ts';
import { compareRoute } from './route.ts';
import { words } from './words.ts';

/** Two documents clause by clause. */
export default function Compare() {
  const texts = useWords(words);
  const { id, other } = compareRoute.useParams();
  const { comparison, documents, texts: both, error, retry } = useCompared(id, other);
  const [old, now] = documents;
  return (
    <Screen heading={texts.heading} wide actions={<Actions id={id} other={other} />}>
      <dl className="grid gap-2 text-sm sm:grid-cols-[auto_1fr]">
        <Named name={texts.before} document={old} />
        <Named name={texts.after} document={now} />
      </dl>
      {error ? <Failure error={error} onRetry={retry} /> : null}
      {comparison || error ? null : (
        <p role="status" className="py-8 text-center text-muted">
          {texts.working}
        </p>
      )}
      {comparison ? <Counts counts={comparison.counts} /> : null}
      {comparison && both[0] !== undefined && both[1] !== undefined ? (
        <ClauseList clauses={comparison.clauses} before={both[0]} after={both[1]} />
      ) : null}
    </Screen>
  );
}

const forEver = { staleTime: Number.POSITIVE_INFINITY };

/** The comparison with both documents and their texts, none of which change once they are there. */
function useCompared(id: string, other: string) {
  const { api } = useClient();
  const comparison = useQuery({
    queryKey: ['compareDocuments', id, other],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/documents/{id}/compare/{other}', { params: { path: { id, other } }, signal })).data,
    ...forEver,
  });
  const documents = useQueries({
    queries: [id, other].map((each) => ({
      queryKey: ['getDocument', each],
      queryFn: async ({ signal }: { signal: AbortSignal }) =>
        (await api.GET('/api/documents/{id}', { params: { path: { id: each } }, signal })).data,
    })),
  });
  const both = useQueries({
    queries: [id, other].map((each) => ({
      queryKey: ['getDocumentText', each],
      queryFn: async ({ signal }: { signal: AbortSignal }) => {
        const params = { path: { id: each } };
        return (await api.GET('/api/documents/{id}/text', { params, parseAs: 'text', signal })).data as string;
      },
      ...forEver,
    })),
  });
  const all = [comparison, ...documents, ...both];
  return {
    comparison: comparison.data,
    documents: documents.map(({ data }) => data),
    texts: both.map(({ data }) => data),
    error: all.find(({ error }) => error)?.error,
    retry: () => {
      for (const query of all) if (query.isError) void query.refetch();
    },
  };
}

function Named({ name, document }: { name: string; document: Schemas['Document'] | undefined }) {
  const texts = useWords(words);
  return (
    <div className="contents">
      <dt className="font-medium">{name}</dt>
      <dd>
        {document ? (
          <>
            <Link to="/documents/$id" params={{ id: document.id }}>
              {document.title}
            </Link>{' '}
            <span className="text-muted">{texts.version(document.version)}</span>
          </>
        ) : (
          '…'
        )}
      </dd>
    </div>
  );
}

function Actions({ id, other }: { id: string; other: string }) {
  const texts = useWords(words);
  const { api } = useClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const save = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const params = { path: { id, other } };
      const { data, response } = await api.GET('/api/documents/{id}/compare/{other}/docx', { params, parseAs: 'blob' });
      saveFile(response, data as Blob, `${texts.heading}.docx`);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Link
        to="/documents/$id/compare/$other"
        params={{ id: other, other: id }}
        replace
        className="inline-flex min-h-10 items-center rounded-md border border-line bg-surface px-4 py-2 text-sm font-medium text-ink no-underline"
      >
        {texts.swap}
      </Link>
      <Button busy={isBusy} onClick={() => void save()}>
        {texts.export}
      </Button>
      {error ? <Failure error={error} /> : null}
    </>
  );
}

function Counts({ counts }: { counts: Comparison['counts'] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { same, wordsInserted, wordsRemoved, ...changes } = counts;
  const shown = Object.entries(changes).filter(([, count]) => count > 0);
  if (shown.length === 0) return <Notice tone="ok">{texts.equal}</Notice>;
  const facts = [
    ...shown.map(([change, count]) => [texts.changes[change as keyof typeof changes], count] as const),
    [texts.changes.same, same] as const,
    [texts.wordsInserted, wordsInserted] as const,
    [texts.wordsRemoved, wordsRemoved] as const,
  ];
  return (
    <section aria-label={texts.counts}>
      <dl className="flex flex-wrap gap-x-6 gap-y-1 text-sm">
        {facts.map(([name, count]) => (
          <div key={name} className="flex gap-2">
            <dt className="text-muted">{name}</dt>
            <dd className="font-medium tabular-nums">{formatNumber(language, count)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
