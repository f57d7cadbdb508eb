import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { plural } from '../../../app/plural.ts';
import { usePages } from '../../../app/use-pages.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Choice } from '../../../parts/field.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { Paged } from '../../../parts/paged.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Go } from '../../app/go.tsx';
import { useFilters } from '../../app/place.ts';
import { BulkActions } from './job-actions.tsx';
import { JobTable } from './job-table.tsx';
import { words } from './words.ts';

type Job = Schemas['ConsoleJob'];

const PAGE = 100;

/** A page of jobs as lists take it. The first one says how many match, and as of when. */
interface JobPage {
  items: Job[];
  nextCursor: string | null;
  total: number;
  asOf: string;
}

export default function Jobs() {
  const texts = useWords(words);
  const { api } = useClient();
  const { language } = useLanguage();
  const [filters, setFilters] = useFilters(['queue', 'state']);
  const { queue } = filters;
  const state = (Object.keys(texts.states) as Job['state'][]).find((each) => each === filters.state);
  const [done, setDone] = useState<number>();
  const [chosenIds, setChosen] = useState<ReadonlySet<string>>(new Set());
  const query = { ...(queue && { queue }), ...(state && { state }) };
  const pages = usePages<Job>(['listConsoleJobs', query], async (cursor, signal): Promise<JobPage> => {
    const params = { query: { ...query, ...cursor, limit: PAGE } };
    const { jobs, next, ...counted } = (await api.GET('/api/operator/jobs', { signal, params })).data;
    return { items: jobs, nextCursor: next, ...counted };
  });
  const first = pages.data?.pages[0] as JobPage | undefined;
  const chosen = (pages.items ?? []).filter(({ id }) => chosenIds.has(id));
  const filter = (change: { queue?: string; state?: string }) => {
    setChosen(new Set());
    setDone(undefined);
    setFilters(change);
  };
  return (
    <Screen heading={texts.heading} wide>
      <p>
        <Go to="/queues">{texts.queues}</Go>
      </p>
      <Filters queue={queue} state={state} onFilter={filter} />
      {done === undefined ? null : <Notice tone="ok">{plural(language, done, texts.done)}</Notice>}
      {first ? (
        <div className="flex flex-wrap items-center gap-3">
          <p>{plural(language, first.total, texts.total)}</p>
          <BulkActions
            chosen={chosen}
            filter={query}
            total={first.total}
            asOf={first.asOf}
            onDone={(count) => {
              setChosen(new Set());
              setDone(count);
            }}
          />
        </div>
      ) : null}
      <Paged pages={pages} empty={<Empty>{texts.none}</Empty>}>
        {(jobs) => <JobTable jobs={jobs} chosen={chosenIds} onChoose={setChosen} />}
      </Paged>
    </Screen>
  );
}

function Filters({
  queue,
  state,
  onFilter,
}: {
  queue: string | undefined;
  state: Job['state'] | undefined;
  onFilter: (change: { queue?: string; state?: string }) => void;
}) {
  const texts = useWords(words);
  const { api } = useClient();
  const queues = useQuery({
    queryKey: ['listConsoleQueues'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/queues', { signal })).data,
    staleTime: 60_000,
  });
  const names = new Set([...(queues.data ?? []).map((row) => row.queue), ...(queue ? [queue] : [])]);
  return (
    <search className="grid gap-4 sm:grid-cols-2 lg:max-w-2xl">
      <Choice
        label={texts.queue}
        value={queue ?? ''}
        options={[{ value: '', text: texts.anyQueue }, ...[...names].map((value) => ({ value, text: value }))]}
        onChoose={(value) => onFilter({ queue: value })}
      />
      <Choice
        label={texts.state}
        value={state ?? ''}
        options={[
          { value: '', text: texts.anyState },
          ...(Object.entries(texts.states) as [Job['state'], string][]).map(([value, text]) => ({ value, text })),
        ]}
        onChoose={(value) => onFilter({ state: value })}
      />
    </search>
  );
}
