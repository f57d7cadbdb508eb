import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber, plural } from '../../../app/plural.ts';
import { formatBytes } from '../../../parts/bytes.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Choice } from '../../../parts/field.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Go } from '../../app/go.tsx';
import { segment, useFilters, withSearch } from '../../app/place.ts';
import { formatAge, formatMs, formatRate, formatShare } from '../../parts/figures.ts';
import { Read } from '../../parts/read.tsx';
import { ReleaseName } from '../../parts/release-name.tsx';
import { UnitState } from '../../parts/unit-state.tsx';
import { ChangeUnit } from './change-unit.tsx';
import { sortUnits, type UnitOrder, unitOrders } from './sort-units.ts';
import { words } from './words.ts';

type Unit = Schemas['ConsoleUnit'];

const REFRESH_MS = 5_000;
const kinds = ['function', 'worker', 'site'] as const;

export default function Units() {
  const texts = useWords(words);
  const { api } = useClient();
  const [filters, setFilters] = useFilters(['sort', 'kind']);
  const order = unitOrders.find((each) => each === filters.sort) ?? 'name';
  const kind = kinds.find((each) => each === filters.kind);
  const units = useQuery({
    queryKey: ['listConsoleUnits'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/units', { signal })).data,
    refetchInterval: REFRESH_MS,
  });
  return (
    <Screen heading={texts.heading} wide>
      <search className="grid gap-4 sm:grid-cols-2 lg:max-w-2xl">
        <Choice
          label={texts.kind}
          value={kind ?? ''}
          options={[{ value: '', text: texts.kindAll }, ...kinds.map((value) => ({ value, text: texts.kinds[value] }))]}
          onChoose={(value) => setFilters({ kind: value })}
        />
        <Choice
          label={texts.sort}
          value={order}
          options={unitOrders.map((value) => ({ value, text: texts.sorts[value] }))}
          onChoose={(value) => setFilters({ sort: value === 'name' ? undefined : value })}
        />
      </search>
      <Read query={units}>
        {(all) => {
          const shown = all.filter((unit) => kind === undefined || unit.kind === kind);
          return shown.length === 0 ? <Empty>{texts.none}</Empty> : <UnitTable units={shown} order={order} />;
        }}
      </Read>
    </Screen>
  );
}

function UnitTable({ units, order }: { units: Unit[]; order: UnitOrder }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <Table
      caption={texts.heading}
      rows={sortUnits(units, order)}
      rowKey={({ name }) => name}
      columns={[
        {
          heading: texts.name,
          cell: ({ name, kind, change }) => (
            <div className="whitespace-nowrap">
              <Go to={`/units/${segment(name)}`}>{name}</Go>
              <span className="block text-xs text-muted">{texts.kinds[kind]}</span>
              {change ? (
                <Go to={withSearch(`/units/${segment(name)}`, { change })} className="text-xs">
                  {texts.changing}
                </Go>
              ) : null}
            </div>
          ),
        },
        {
          heading: texts.state,
          cell: ({ state, release }) => (
            <div className="grid justify-items-start gap-1">
              <UnitState state={state} />
              <ReleaseName release={release} />
            </div>
          ),
        },
        {
          heading: texts.processes,
          numeric: true,
          cell: ({ kind, instances, wanted, restarts }) =>
            kind === 'site' ? (
              '–'
            ) : (
              <div className="whitespace-nowrap">
                {instances} / {wanted}
                {restarts > 0 ? (
                  <span className="block text-xs text-danger">{plural(language, restarts, texts.restarts)}</span>
                ) : null}
              </div>
            ),
        },
        {
          heading: texts.memory,
          numeric: true,
          cell: ({ memoryBytes }) => (
            <span className="whitespace-nowrap">{memoryBytes === 0 ? '–' : formatBytes(language, memoryBytes)}</span>
          ),
        },
        {
          heading: texts.rate,
          numeric: true,
          cell: ({ requestsPerSecond }) => formatRate(language, requestsPerSecond),
        },
        { heading: texts.errors, numeric: true, cell: ({ errorRatio }) => formatShare(language, errorRatio) },
        {
          heading: texts.p95,
          numeric: true,
          cell: ({ p95Ms }) => <span className="whitespace-nowrap">{formatMs(language, p95Ms)}</span>,
        },
        {
          heading: texts.waiting,
          numeric: true,
          cell: ({ waiting, oldestSeconds }) =>
            waiting === null
              ? ''
              : `${formatNumber(language, waiting)}${waiting > 0 ? `, ${formatAge(language, oldestSeconds)}` : ''}`,
        },
        { heading: texts.actions, cell: (unit) => <ChangeUnit unit={unit} /> },
      ]}
    />
  );
}
