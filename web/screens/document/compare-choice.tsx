import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useDeferredValue, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Loading } from '../../parts/loading.tsx';
import { words } from './words.ts';

const MOST_SHOWN = 20;

/** A button that asks which other document this one is compared with. */
export function CompareChoice({ document }: { document: Schemas['Document'] }) {
  const texts = useWords(words);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="secondary" onClick={() => setOpen(true)}>
        {texts.compare}
      </Button>
      <Dialog open={open} heading={texts.compareHeading} onClose={() => setOpen(false)}>
        <Others document={document} />
      </Dialog>
    </>
  );
}

function Others({ document }: { document: Schemas['Document'] }) {
  const texts = useWords(words);
  const { api } = useClient();
  const [typed, setTyped] = useState('');
  const query = useDeferredValue(typed.trim());
  const { data, error, refetch } = useQuery({
    queryKey: ['listDocuments', 'to compare', query],
    queryFn: async ({ signal }) => {
      const filter = { status: 'ready' as const, limit: MOST_SHOWN, ...(query && { query }) };
      return (await api.GET('/api/documents', { signal, params: { query: filter } })).data;
    },
  });
  const others = data?.items.filter(({ id }) => id !== document.id);
  return (
    <>
      <Field
        label={texts.compareFind}
        type="search"
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {error ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {data || error ? null : <Loading />}
      {others?.length === 0 ? <p className="text-muted">{texts.compareNone}</p> : null}
      <ul className="max-h-80 overflow-y-auto">
        {others?.map(({ id, title }) => (
          <li key={id} className="border-b border-line last:border-0">
            <Link to="/documents/$id/compare/$other" params={{ id: document.id, other: id }} className="block py-2">
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
