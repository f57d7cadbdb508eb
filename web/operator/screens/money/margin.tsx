import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Button } from '../../../parts/button.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { Table } from '../../../parts/table.tsx';
import { Facts } from '../../parts/facts.tsx';
import { formatShare } from '../../parts/figures.ts';
import { Read } from '../../parts/read.tsx';
import { words } from './words.ts';

type Money = Schemas['ConsoleMoney'];

/** What came in and what models cost in this month, by model. */
export function Margin() {
  const texts = useWords(words);
  const { api } = useClient();
  const money = useQuery({
    queryKey: ['getConsoleMoney'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/money', { signal })).data,
  });
  return (
    <div className="grid gap-3">
      <h2>{texts.margin}</h2>
      <Read query={money}>{(data) => <Shown money={data} />}</Read>
    </div>
  );
}

function Shown({ money: { month, costByModel } }: { money: Money }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const roubles = (amount: string | number) =>
    new Intl.NumberFormat(language, { style: 'currency', currency: 'RUB' }).format(Number(amount));
  return (
    <>
      <Facts
        facts={[
          [texts.month, month.month],
          [texts.paid, roubles(month.paid)],
          [texts.spent, roubles(month.spent)],
          [texts.left, roubles(Number(month.paid) - Number(month.spent))],
          [texts.unused, roubles(month.unused)],
        ]}
      />
      <p className="text-sm text-muted">{texts.marginAbout}</p>
      {costByModel.length === 0 ? (
        <Empty>{texts.noCosts}</Empty>
      ) : (
        <Table
          caption={texts.margin}
          rows={costByModel}
          rowKey={({ model, action }) => `${model} ${action}`}
          columns={[
            { heading: texts.model, cell: ({ model }) => model ?? '–' },
            { heading: texts.use, cell: ({ action }) => action },
            { heading: texts.calls, numeric: true, cell: ({ calls }) => formatNumber(language, calls) },
            { heading: texts.tokens, numeric: true, cell: ({ tokens }) => formatNumber(language, tokens) },
            {
              heading: texts.cost,
              numeric: true,
              cell: ({ cost }) => <span className="whitespace-nowrap">{roubles(cost)}</span>,
            },
            {
              heading: texts.itsPart,
              numeric: true,
              cell: ({ paid }) => <span className="whitespace-nowrap">{roubles(paid)}</span>,
            },
            {
              heading: texts.itsMargin,
              numeric: true,
              cell: ({ margin }) => (
                <span className={`whitespace-nowrap ${Number(margin) < 0 ? 'text-danger' : ''}`}>
                  {roubles(margin)}
                </span>
              ),
            },
            { heading: texts.share, numeric: true, cell: ({ share }) => formatShare(language, share) },
          ]}
        />
      )}
    </>
  );
}

/** Checks the books when somebody asks: it reads all of them. */
export function Books() {
  const texts = useWords(words);
  const { api } = useClient();
  const [isWanted, setWanted] = useState(false);
  const checked = useQuery({
    queryKey: ['checkConsoleBooks'],
    queryFn: async ({ signal }) => (await api.GET('/api/operator/money/discrepancies', { signal })).data,
    enabled: isWanted,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const check = () => (isWanted ? void checked.refetch() : setWanted(true));
  return (
    <div className="grid gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2>{texts.books}</h2>
        <Button kind="secondary" busy={checked.isFetching} onClick={check}>
          {texts.check}
        </Button>
      </div>
      <p className="text-sm text-muted">{texts.booksAbout}</p>
      {isWanted ? (
        <Read query={checked}>
          {({ books, wallets }) => {
            const found = [...books, ...wallets];
            return found.length === 0 ? (
              <Notice tone="ok">{texts.agree}</Notice>
            ) : (
              <>
                <Notice tone="danger">{texts.disagree}</Notice>
                <Table
                  caption={texts.books}
                  rows={found}
                  rowKey={({ check: name, subject, detail }) => `${name} ${subject} ${detail}`}
                  columns={[
                    { heading: texts.checkName, cell: (row) => row.check },
                    { heading: texts.subject, cell: ({ subject }) => subject },
                    { heading: texts.detail, cell: ({ detail }) => detail },
                  ]}
                />
              </>
            );
          }}
        </Read>
      ) : null}
    </div>
  );
}
