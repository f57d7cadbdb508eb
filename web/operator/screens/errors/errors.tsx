import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber, plural } from '../../../app/plural.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Choice } from '../../../parts/field.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment, useFilters, withSearch } from '../../app/place.ts';
import { Read } from '../../parts/read.tsx';
import { ReleaseName } from '../../parts/release-name.tsx';
import { words } from './words.ts';

type ErrorGroup = Schemas['ConsoleError'];

const REFRESH_MS = 15_000;
const HOUR_MS = 3_600_000;
const DAY = '24';

export default function Errors() {
  const texts = useWords(words);
  const { api } = useClient();
  const [filters, setFilters] = useFilters(['unit', 'hours']);
  const { unit = '' } = filters;
  const hours = filters.hours === 'all' ? '' : filters.hours && filters.hours in texts.periods ? filters.hours : DAY;
  const errors = useQuery({
    queryKey: ['listConsoleErrors', hours],
    queryFn: async ({ signal }) => {
      const since = hours && new Date(Date.now() - Number(hours) * HOUR_MS).toISOString();
      return (await api.GET('/api/operator/errors', { signal, params: { query: since ? { since } : {} } })).data;
    },
    refetchInterval: REFRESH_MS,
  });
  const units = [...new Set([...(errors.data ?? []).map((group) => group.unit), ...(unit ? [unit] : [])])].toSorted();
  return (
    <Screen heading={texts.heading} wide>
      <search className="grid gap-4 sm:grid-cols-2 lg:max-w-2xl">
        <Choice
          label={texts.unit}
          value={unit}
          options={[{ value: '', text: texts.anyUnit }, ...units.map((value) => ({ value, text: value }))]}
          onChoose={(value) => setFilters({ unit: value })}
        />
        <Choice
          label={texts.days}
          value={hours}
          options={['1', DAY, '168', ''].map((value) => ({ value, text: texts.periods[value] ?? value }))}
          onChoose={(value) => setFilters({ hours: value === '' ? 'all' : value === DAY ? undefined : value })}
        />
      </search>
      <Read query={errors}>
        {(groups) => {
          const shown = groups.filter((group) => (unit ? group.unit === unit : true));
          return shown.length === 0 ? <Empty>{texts.none}</Empty> : <ErrorTable groups={shown} />;
        }}
      </Read>
    </Screen>
  );
}

function ErrorTable({ groups }: { groups: ErrorGroup[] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <Table
      caption={texts.heading}
      rows={groups}
      rowKey={({ unit, name, frame }) => `${unit} ${name} ${frame}`}
      columns={[
        {
          heading: texts.error,
          cell: ({ name, example, frame }) => (
            <div dir="auto" className="grid min-w-56 gap-0.5">
              <strong className="font-medium">{name}</strong>
              <span>{example}</span>
              {frame ? <code className="text-xs text-muted">{frame}</code> : null}
            </div>
          ),
        },
        {
          heading: texts.unit,
          cell: ({ unit }) => (
            <Go className="whitespace-nowrap" to={`/units/${segment(unit)}`}>
              {unit}
            </Go>
          ),
        },
        {
          heading: texts.count,
          numeric: true,
          cell: ({ count, total }) => (
            <div className="whitespace-nowrap">
              {formatNumber(language, count)}
              <span className="block text-xs text-muted">{plural(language, total, texts.total)}</span>
            </div>
          ),
        },
        { heading: texts.first, cell: ({ firstSeen }) => <Time at={firstSeen} /> },
        { heading: texts.last, cell: ({ lastSeen }) => <Time at={lastSeen} /> },
        { heading: texts.release, cell: ({ release }) => <ReleaseName release={release} /> },
        {
          heading: texts.logs,
          cell: ({ unit, name }) => (
            <Go to={withSearch('/logs', { unit, level: 'warn' })} aria-label={texts.logsNamed(unit, name)}>
              {texts.logs}
            </Go>
          ),
        },
      ]}
    />
  );
}
