import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useCitations } from '../../source/cited.ts';
import { useIsSource, useSource } from '../../source/open-source.ts';
import { languages, types } from '../documents/route.ts';
import { words as listWords } from '../documents/words.ts';
import { leadOf, stretchesOf } from './marked.ts';
import { type SearchAddress, searchRoute } from './route.ts';
import { words } from './words.ts';

const MOST_HITS = 30;

/** Passages of all documents; each opens its source next to the list. */
export default function Search() {
  const texts = useWords(words);
  const { api } = useClient();
  const { q, type, language } = searchRoute.useSearch();
  const { data, error, refetch } = useQuery({
    queryKey: ['searchPassages', q, type, language],
    queryFn: async ({ signal }) => {
      const filters = { ...(type && { types: [type] }), ...(language && { languages: [language] }) };
      return (await api.POST('/api/search', { signal, body: { query: q ?? '', limit: MOST_HITS, ...filters } })).data;
    },
    enabled: q !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <Screen heading={texts.heading}>
      <SearchForm
        key={q ?? ''}
        address={{ ...(q && { q }), ...(type && { type }), ...(language && { language }) }}
        onRepeat={() => void refetch()}
      />
      {error ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {q && !data && !error ? <Loading /> : null}
      {data ? <Hits hits={data.hits} /> : null}
    </Screen>
  );
}

/** @param props.onRepeat the same words again: documents may have been added since */
function SearchForm({ address, onRepeat }: { address: SearchAddress; onRepeat: () => void }) {
  const texts = useWords(words);
  const named = useWords(listWords);
  const navigate = useNavigate();
  const [typed, setTyped] = useState(address.q ?? '');
  const go = (next: SearchAddress) => void navigate({ to: '/search', search: next });
  const choose = (name: 'type' | 'language') => (value: string) => {
    const { [name]: _, ...rest } = address;
    go(value === '' ? rest : { ...rest, [name]: value });
  };
  const options = <Value extends string>(values: readonly Value[], names: Record<Value, string>) => [
    { value: '', text: texts.any },
    ...values.map((value) => ({ value, text: names[value] })),
  ];
  return (
    <search>
      <form
        className="grid gap-3 sm:grid-cols-2"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed === address.q) onRepeat();
          else if (typed.trim() !== '') go({ ...address, q: typed });
        }}
      >
        <div className="grid items-end gap-2 sm:col-span-2 sm:grid-cols-[1fr_auto]">
          <Field
            label={texts.query}
            type="search"
            maxLength={4000}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Button type="submit">{texts.search}</Button>
        </div>
        <p className="text-sm text-muted sm:col-span-2">{texts.hint}</p>
        <Choice
          label={texts.type}
          value={address.type ?? ''}
          options={options(types, named.types)}
          onChoose={choose('type')}
        />
        <Choice
          label={texts.language}
          value={address.language ?? ''}
          options={options(languages, named.languages)}
          onChoose={choose('language')}
        />
      </form>
    </search>
  );
}

type Hit = Schemas['SearchHit'];

function Hits({ hits }: { hits: Hit[] }) {
  const texts = useWords(words);
  const cited = useMemo(
    () =>
      hits.map(({ documentId, title, page, start, end, text }) => ({
        documentId,
        title,
        page,
        start,
        end,
        quote: text,
      })),
    [hits],
  );
  useCitations(cited as Parameters<typeof useCitations>[0]);
  if (hits.length === 0) return <Empty>{texts.none}</Empty>;
  return (
    <>
      <p role="status" className="text-sm text-muted">
        {texts.found(hits.length)}
      </p>
      <ol aria-label={texts.results} className="grid gap-4">
        {hits.map((hit) => (
          <HitView key={`${hit.documentId} ${hit.start}`} hit={hit} />
        ))}
      </ol>
    </>
  );
}

function HitView({ hit }: { hit: Hit }) {
  const texts = useWords(words);
  const { open } = useSource();
  const { documentId, title, page, start, end, text, headingPath, highlights } = hit;
  const stretches = useMemo(() => {
    const from = leadOf(text, start, highlights);
    return stretchesOf(text.slice(from), start + from, highlights);
  }, [text, start, highlights]);
  const isOpen = useIsSource((at) => at.doc === documentId && at.start === start);
  let at = 0;
  return (
    <li className={`rounded-xl border bg-surface p-4 ${isOpen ? 'border-accent' : 'border-line'}`}>
      <button
        type="button"
        aria-label={texts.open(title)}
        className="text-left font-medium text-accent underline"
        onClick={() => open({ doc: documentId, start, end })}
      >
        {title}
      </button>
      <p className="text-sm text-muted">{[...headingPath, ...(page === null ? [] : [texts.page(page)])].join(' › ')}</p>
      <p className="mt-2 line-clamp-8 font-serif leading-relaxed whitespace-pre-wrap">
        {stretches.map((stretch) => {
          at += stretch.text.length;
          return stretch.isMarked ? (
            <mark key={at} className="bg-mark text-ink">
              {stretch.text}
            </mark>
          ) : (
            stretch.text
          );
        })}
      </p>
    </li>
  );
}
