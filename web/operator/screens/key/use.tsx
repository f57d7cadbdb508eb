import type { Schemas } from '@pandect/client';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Table } from '../../../parts/table.tsx';
import { words } from './words.ts';

type Row = Schemas['ConsoleKeyUse'];

/** What a key was used for today and this month, and of which models. */
export function Use({ apiKey: { use } }: { apiKey: Schemas['ConsoleKeyDetail'] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const number = (value: number) => formatNumber(language, value);
  const roubles = new Intl.NumberFormat(language, { style: 'currency', currency: 'RUB', maximumFractionDigits: 4 });
  const figures = [
    { heading: texts.calls, numeric: true, cell: ({ calls }: Row) => number(calls) },
    { heading: texts.failed, numeric: true, cell: ({ failed }: Row) => number(failed) },
    { heading: texts.tokens, numeric: true, cell: ({ tokens }: Row) => number(tokens) },
    {
      heading: texts.cost,
      numeric: true,
      cell: ({ cost }: Row) => <span className="whitespace-nowrap">{roubles.format(Number(cost))}</span>,
    },
  ];
  return (
    <div className="grid gap-3">
      <h2>{texts.use}</h2>
      {use.month.calls === 0 ? (
        <Empty>{texts.unused}</Empty>
      ) : (
        <>
          <Table
            caption={texts.use}
            rows={[
              { period: texts.today, ...use.today },
              { period: texts.month, ...use.month },
            ]}
            rowKey={({ period }) => period}
            columns={[{ heading: texts.period, cell: ({ period }) => period }, ...figures]}
          />
          <Table
            caption={texts.byTarget}
            rows={use.byTarget}
            rowKey={({ target }) => target ?? ''}
            columns={[{ heading: texts.target, cell: ({ target }) => <code>{target ?? '–'}</code> }, ...figures]}
          />
        </>
      )}
    </div>
  );
}
