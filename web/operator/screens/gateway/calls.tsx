import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Choice } from '../../../parts/field.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { useFilters, withSearch } from '../../app/place.ts';
import { Badge } from '../../parts/badge.tsx';
import { formatMs } from '../../parts/figures.ts';
import { OrganizationLink } from '../../parts/organization-link.tsx';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type Call = Schemas['ConsoleCall'];

const HOUR = '60';
const REFRESH_MS = 15_000;
const GOOD_STATUS = 400;

/** What was asked of models: by whom, of whom, for how long and how much; never a word of it. @param of one key alone */
export function Calls({ of }: { of?: { organization: string; key: string } }) {
  const texts = useWords(words);
  const { api } = useClient();
  const [filters, setFilters] = useFilters(['minutes']);
  const minutes = filters.minutes && filters.minutes in texts.periods ? filters.minutes : HOUR;
  const calls = useQuery({
    queryKey: ['listConsoleCalls', minutes, of],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/operator/gateway/calls', { signal, params: { query: { minutes: Number(minutes), ...of } } }))
        .data,
    refetchInterval: REFRESH_MS,
  });
  return (
    <div className="grid gap-3">
      <h2>{texts.calls}</h2>
      <div className="max-w-sm">
        <Choice
          label={texts.minutes}
          value={minutes}
          options={Object.entries(texts.periods).map(([value, text]) => ({ value, text }))}
          onChoose={(value) => setFilters({ minutes: value === HOUR ? undefined : value })}
        />
      </div>
      <Read query={calls}>
        {(rows) => (rows.length === 0 ? <Empty>{texts.noCalls}</Empty> : <CallTable calls={rows} />)}
      </Read>
    </div>
  );
}

function CallTable({ calls }: { calls: Call[] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const roubles = new Intl.NumberFormat(language, { style: 'currency', currency: 'RUB', maximumFractionDigits: 4 });
  return (
    <Table
      caption={texts.calls}
      rows={calls}
      rowKey={({ id }) => id}
      columns={[
        { heading: texts.at, cell: ({ createdAt }) => <Time at={createdAt} /> },
        {
          heading: texts.route,
          cell: ({ route, target, attempt }) => (
            <>
              <code>{route ?? '–'}</code>
              <span className="block text-xs text-muted">{`${target ?? '–'} · ${attempt}`}</span>
            </>
          ),
        },
        {
          heading: texts.outcome,
          cell: ({ outcome, status }) => (
            <Badge tone={(status ?? 0) >= GOOD_STATUS ? 'danger' : 'quiet'}>
              {`${outcome} ${status ?? ''}`.trim()}
            </Badge>
          ),
        },
        {
          heading: texts.tokens,
          numeric: true,
          cell: ({ promptTokens, completionTokens }) => (
            <span className="whitespace-nowrap">
              {`${formatNumber(language, promptTokens)} + ${formatNumber(language, completionTokens)}`}
            </span>
          ),
        },
        { heading: texts.first, numeric: true, cell: ({ firstMs }) => formatMs(language, firstMs) },
        { heading: texts.whole, numeric: true, cell: ({ ms }) => formatMs(language, ms) },
        {
          heading: texts.cost,
          numeric: true,
          cell: ({ cost, isEstimated }) => (
            <span className="whitespace-nowrap">
              {roubles.format(Number(cost))}
              {isEstimated ? <span className="block text-xs text-muted">{texts.estimated}</span> : null}
            </span>
          ),
        },
        { heading: texts.organization, cell: ({ organizationId }) => <OrganizationLink id={organizationId} /> },
        {
          heading: texts.logs,
          cell: ({ requestId }) => (
            <Go to={withSearch('/logs', { request: requestId })}>
              <code className="whitespace-nowrap" title={requestId}>
                {requestId.slice(0, 8)}
              </code>
            </Go>
          ),
        },
      ]}
    />
  );
}
