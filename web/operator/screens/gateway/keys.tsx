import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment } from '../../app/place.ts';
import { Badge } from '../../parts/badge.tsx';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type Key = Schemas['ConsoleKey'];
type Budget = Schemas['ConsoleKeyBudget'];

const REFRESH_MS = 15_000;

/** Keys that call models: what they may, what is left of their budgets, and how often they were refused. */
export function Keys() {
  const texts = useWords(words);
  const { api } = useClient();
  const keys = useQuery({
    queryKey: ['listConsoleKeys'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/gateway/keys', { signal })).data,
    refetchInterval: REFRESH_MS,
  });
  return (
    <div className="grid gap-3">
      <h2>{texts.apiKeys}</h2>
      <Read query={keys}>
        {(rows) => (rows.length === 0 ? <Empty>{texts.noKeys}</Empty> : <KeyTable keys={rows} />)}
      </Read>
    </div>
  );
}

function KeyTable({ keys }: { keys: Key[] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const count = (value: number) => formatNumber(language, value);
  const limit = (value: number | null) => (value === null ? '–' : count(value));
  return (
    <Table
      caption={texts.apiKeys}
      rows={keys}
      rowKey={({ id }) => id}
      columns={[
        {
          heading: texts.apiKey,
          cell: ({ id, name, prefix, channel }) => (
            <span className="grid justify-items-start gap-0.5">
              <Go to={`/gateway/keys/${segment(id)}`} dir="auto">
                {name}
              </Go>
              <code className="text-xs">{prefix}…</code>
              {channel === 'internal' ? <Badge tone="info">{texts.internal}</Badge> : null}
            </span>
          ),
        },
        {
          heading: texts.organization,
          cell: ({ organization, organizationId }) => (
            <Go to={`/organizations/${segment(organizationId)}`} dir="auto" className="inline-block min-w-32">
              {organization}
            </Go>
          ),
        },
        { heading: texts.lastUsed, cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : '–') },
        { heading: texts.rpm, numeric: true, cell: ({ rpm }) => limit(rpm) },
        { heading: texts.tpm, numeric: true, cell: ({ tpm }) => limit(tpm) },
        { heading: texts.atOnce, numeric: true, cell: ({ concurrency }) => limit(concurrency) },
        { heading: texts.budgets, cell: ({ budgets }) => <Budgets budgets={budgets} /> },
        { heading: texts.refusedToday, numeric: true, cell: ({ refused }) => count(refused.today) },
        { heading: texts.refusedYesterday, numeric: true, cell: ({ refused }) => count(refused.yesterday) },
      ]}
    />
  );
}

/** What is spent of each budget of a key. */
export function Budgets({ budgets }: { budgets: Budget[] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const money = new Intl.NumberFormat(language, { style: 'currency', currency: 'RUB' });
  const part = (spent: number, most: number, format: (value: number) => string) => (
    <span className={`whitespace-nowrap ${spent >= most ? 'text-danger' : ''}`}>
      {texts.spentOf(format(spent), format(most))}
    </span>
  );
  if (budgets.length === 0) return '–';
  return (
    <ul className="grid gap-1">
      {budgets.map(({ window, hard, limitCost, spentCost, limitTokens, spentTokens }) => (
        <li key={window} className="flex flex-wrap gap-x-2">
          <span className="text-muted">
            {texts.windows[window]}, {hard ? texts.hard : texts.soft}
          </span>
          {limitCost === null ? null : part(Number(spentCost), Number(limitCost), (value) => money.format(value))}
          {limitTokens === null
            ? null
            : part(spentTokens, limitTokens, (value) => texts.inTokens(formatNumber(language, value)))}
        </li>
      ))}
    </ul>
  );
}
