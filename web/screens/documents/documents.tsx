import { useNavigate } from '@tanstack/react-router';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { Failure } from '../../app/problem.tsx';
import { usePages } from '../../app/use-pages.ts';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Screen } from '../../parts/screen.tsx';
import { ChooseFiles } from '../../uploads/choose-files.tsx';
import { useUploads } from '../../uploads/uploads.tsx';
import { DocumentList } from './document-list.tsx';
import { Filters } from './filters.tsx';
import { documentsRoute } from './route.ts';
import { useLiveList } from './use-live-list.ts';
import { words } from './words.ts';

const PAGE_SIZE = 100;

export default function Documents() {
  const texts = useWords(words);
  const { api } = useClient();
  const { mayUpload } = useUploads();
  const navigate = useNavigate();
  const { status, type, language, query } = documentsRoute.useSearch();
  const filter = {
    ...(status && { status }),
    ...(type && { type }),
    ...(language && { language }),
    ...(query && { query }),
  };
  const hasFilter = Object.keys(filter).length > 0;
  const key = ['listDocuments', filter];
  const pages = usePages(
    key,
    async (cursor, signal) =>
      (await api.GET('/api/documents', { signal, params: { query: { ...filter, ...cursor, limit: PAGE_SIZE } } })).data,
  );
  useLiveList(key, filter);
  const { items, error, refetch } = pages;
  const isEmpty = items?.length === 0;
  return (
    <Screen heading={texts.heading} wide actions={mayUpload ? <ChooseFiles /> : undefined}>
      <Filters filter={filter} onChange={(next) => void navigate({ to: '/documents', search: next, replace: true })} />
      {error && !items ? <Failure error={error} onRetry={refetch} /> : null}
      {items || error ? null : <Loading />}
      {isEmpty && hasFilter ? (
        <Empty
          action={
            <Button kind="secondary" onClick={() => void navigate({ to: '/documents', search: {}, replace: true })}>
              {texts.reset}
            </Button>
          }
        >
          {texts.nothing}
        </Empty>
      ) : null}
      {isEmpty && !hasFilter ? (
        <Empty action={mayUpload ? <ChooseFiles /> : undefined}>
          {mayUpload === false ? texts.noneAsked : texts.none}
        </Empty>
      ) : null}
      {items && !isEmpty ? <DocumentList pages={{ ...pages, items }} /> : null}
    </Screen>
  );
}
