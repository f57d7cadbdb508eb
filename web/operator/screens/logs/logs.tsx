import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useWords } from '../../../app/language.tsx';
import { Failure } from '../../../app/problem.tsx';
import { Button } from '../../../parts/button.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Choice, Field } from '../../../parts/field.tsx';
import { Loading } from '../../../parts/loading.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { useFilters } from '../../app/place.ts';
import { FilterField } from '../../parts/filter-field.tsx';
import { LogLines } from './log-lines.tsx';
import { type LogQuery, useLogs } from './use-logs.ts';
import { words } from './words.ts';

const names = ['unit', 'level', 'request', 'text', 'until'] as const;
type Filters = Partial<Record<(typeof names)[number], string>>;

const levels = ['debug', 'info', 'warn', 'error', 'fatal'] as const;

export default function Logs() {
  const texts = useWords(words);
  const [filters, setFilters] = useFilters(names);
  const [isPaused, setPaused] = useState(false);
  const isPast = filters.until !== undefined;
  const logs = useLogs(queryOf(filters), !isPaused && !isPast);
  const { ring, older, error, isLost, isLoadingOlder, loadOlder, retry } = logs;
  const pause = (
    <Button kind="secondary" disabled={isPast} aria-pressed={isPaused} onClick={() => setPaused(!isPaused)}>
      {isPaused ? texts.resume : texts.pause}
    </Button>
  );
  return (
    <Screen heading={texts.heading} wide actions={pause}>
      <FilterForm filters={filters} set={setFilters} />
      <p className="text-sm text-muted">
        {isPast ? texts.past : isPaused ? texts.paused : texts.live} {texts.about}
      </p>
      {error ? <Failure error={error} onRetry={retry} /> : null}
      {isLost ? <Notice tone="warn">{texts.lost}</Notice> : null}
      {older === undefined && !error ? <Loading /> : null}
      {ring.isCut ? <p className="text-sm text-muted">{texts.cut}</p> : null}
      {loadOlder ? (
        <Button kind="quiet" className="justify-self-start" busy={isLoadingOlder} onClick={loadOlder}>
          {texts.older}
        </Button>
      ) : null}
      {ring.lines.length > 0 ? <LogLines lines={ring.lines} onRequest={(request) => setFilters({ request })} /> : null}
      {ring.lines.length === 0 && older !== undefined ? <Empty>{older ? texts.noneYet : texts.none}</Empty> : null}
    </Screen>
  );
}

function queryOf({ until, ...rest }: Filters): LogQuery {
  const moment = until === undefined ? Number.NaN : Date.parse(until);
  return { ...rest, ...(Number.isNaN(moment) ? {} : { until: new Date(moment).toISOString() }) };
}

function FilterForm({
  filters,
  set,
}: {
  filters: Filters;
  set: (change: Partial<Record<keyof Filters, string | undefined>>) => void;
}) {
  const texts = useWords(words);
  const { api } = useClient();
  const units = useQuery({
    queryKey: ['listConsoleUnits'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/units', { signal })).data,
    staleTime: 60_000,
  });
  const known = [...new Set(['supervisor', ...(units.data ?? []).map(({ name }) => name), filters.unit ?? ''])];
  return (
    <search className="grid items-start gap-4 sm:grid-cols-2 lg:grid-cols-5">
      <Choice
        label={texts.unit}
        value={filters.unit ?? ''}
        options={[
          { value: '', text: texts.allUnits },
          ...known.filter((name) => name !== '').map((value) => ({ value, text: value })),
        ]}
        onChoose={(unit) => set({ unit })}
      />
      <Choice
        label={texts.level}
        value={levels.find((level) => level === filters.level) ?? ''}
        options={[
          { value: '', text: texts.allLevels },
          ...levels.map((value) => ({ value, text: texts.andWorse(value) })),
        ]}
        onChoose={(level) => set({ level })}
      />
      <FilterField
        label={texts.text}
        hint={texts.textHint}
        maxLength={200}
        value={filters.text ?? ''}
        onFilter={(text) => set({ text })}
      />
      <FilterField
        label={texts.request}
        maxLength={200}
        value={filters.request ?? ''}
        onFilter={(request) => set({ request })}
      />
      <Field
        label={texts.until}
        type="datetime-local"
        value={filters.until ?? ''}
        onChange={(event) => set({ until: event.currentTarget.value })}
      />
    </search>
  );
}
