import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Table } from '../../../parts/table.tsx';
import { words } from './words.ts';

type Detail = Schemas['ConsoleBotDetail'];

const STARS = 'XTR';
/** Of the smallest unit in one of the currency; Stars have none. */
const MINOR_UNITS = 100;

/** What all people of a bot have bought, used and paid together. */
export function Sums({ bot: { wallets, payments } }: { bot: Detail }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const number = (value: number) => formatNumber(language, value);
  const sums = ['bought', 'given', 'used', 'refunded', 'expired', 'left', 'owed'] as const;
  const money = (currency: string, amount: number) =>
    currency === STARS
      ? `${number(amount)} ★`
      : new Intl.NumberFormat(language, { style: 'currency', currency }).format(amount / MINOR_UNITS);
  return (
    <>
      <div className="grid gap-3">
        <h2>{texts.wallets}</h2>
        {wallets.length === 0 ? (
          <Empty>{texts.noWallets}</Empty>
        ) : (
          <Table
            caption={texts.wallets}
            rows={wallets}
            rowKey={({ unit }) => unit}
            columns={[
              { heading: texts.unit, cell: ({ unit }) => <code>{unit}</code> },
              ...sums.map((sum) => ({
                heading: sum === 'refunded' ? texts.returned : texts[sum],
                numeric: true,
                cell: (row: Detail['wallets'][number]) => number(row[sum]),
              })),
            ]}
          />
        )}
      </div>
      <div className="grid gap-3">
        <h2>{texts.payments}</h2>
        {payments.length === 0 ? (
          <Empty>{texts.noPayments}</Empty>
        ) : (
          <Table
            caption={texts.payments}
            rows={payments}
            rowKey={({ currency }) => currency}
            columns={[
              { heading: texts.currency, cell: ({ currency }) => <code>{currency}</code> },
              { heading: texts.count, numeric: true, cell: (row) => number(row.payments) },
              { heading: texts.amount, numeric: true, cell: (row) => money(row.currency, row.amount) },
              { heading: texts.paidBack, numeric: true, cell: (row) => money(row.currency, row.refunded) },
            ]}
          />
        )}
      </div>
    </>
  );
}
