import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { Badge } from '../../parts/badge.tsx';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type TargetPrice = Schemas['ConsoleTargetPrice'];

/** What calls of each target are charged with; a target without a price stands out. */
export function Prices() {
  const texts = useWords(words);
  const { api } = useClient();
  const prices = useQuery({
    queryKey: ['listConsolePrices'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/gateway/prices', { signal })).data,
  });
  return (
    <div className="grid gap-3">
      <h2>{texts.targetPrices}</h2>
      <p>
        <Go to="/prices">{texts.prices}</Go>
      </p>
      <Read query={prices}>
        {(rows) => (rows.length === 0 ? <Empty>{texts.noRoutes}</Empty> : <PriceTable rows={rows} />)}
      </Read>
    </div>
  );
}

function PriceTable({ rows }: { rows: TargetPrice[] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const roubles = (amount: string | undefined) =>
    amount === undefined
      ? '–'
      : new Intl.NumberFormat(language, { style: 'currency', currency: 'RUB' }).format(Number(amount));
  const amount = (heading: string, read: (row: TargetPrice) => string | undefined) => ({
    ...{ heading, numeric: true },
    cell: (row: TargetPrice) => <span className="whitespace-nowrap">{roubles(read(row))}</span>,
  });
  return (
    <Table
      caption={texts.targetPrices}
      rows={rows}
      rowKey={({ target }) => target}
      columns={[
        { heading: texts.target, cell: ({ target }) => target },
        { heading: texts.routes, cell: ({ routes }) => routes.join(', ') || '–' },
        {
          heading: texts.priceName,
          cell: ({ price, now, isCeiling }) => (
            <span className="flex flex-wrap gap-1">
              <code>{price}</code>
              {now === null ? <Badge tone="danger">{texts.noPrice}</Badge> : null}
              {isCeiling ? <Badge tone="warn">{texts.ceiling}</Badge> : null}
            </span>
          ),
        },
        amount(texts.prompt, ({ now }) => now?.prompt),
        amount(texts.completion, ({ now }) => now?.completion),
        amount(texts.cached, ({ now }) => now?.cached),
        { heading: texts.nextPrice, cell: ({ next }) => (next ? <Time at={next.validFrom} /> : '–') },
      ]}
    />
  );
}
