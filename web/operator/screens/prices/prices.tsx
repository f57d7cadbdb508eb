import type { Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { formatNumber } from '../../../app/plural.ts';
import { Button } from '../../../parts/button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { Empty } from '../../../parts/empty.tsx';
import { Screen } from '../../../parts/screen.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Badge } from '../../parts/badge.tsx';
import { formatDecimal } from '../../parts/figures.ts';
import { Read } from '../../parts/read.tsx';
import { PriceForm, type PriceName } from './price-form.tsx';
import { priceState } from './price-state.ts';
import { words } from './words.ts';

type Price = Schemas['ModelPrice'];

const tones = { inForce: 'ok', later: 'info', past: 'quiet' } as const;

export default function Prices() {
  const texts = useWords(words);
  const { api } = useClient();
  const [adding, setAdding] = useState(false);
  const prices = useQuery({
    queryKey: ['listModelPrices'],
    queryFn: async ({ signal }) => (await api.GET('/api/admin/prices', { signal })).data.items,
  });
  return (
    <Screen heading={texts.heading} wide actions={<Button onClick={() => setAdding(true)}>{texts.add}</Button>}>
      <p className="text-muted">{texts.about}</p>
      <Read query={prices}>
        {(items) => (items.length === 0 ? <Empty>{texts.none}</Empty> : <PriceTable items={items} />)}
      </Read>
      <Dialog open={adding} heading={texts.add} onClose={() => setAdding(false)}>
        <PriceForm onClose={() => setAdding(false)} />
      </Dialog>
    </Screen>
  );
}

function PriceTable({ items }: { items: Price[] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const names = Object.keys(texts.names) as PriceName[];
  const now = Date.now();
  return (
    <Table
      caption={texts.heading}
      rows={items}
      rowKey={({ model, validFrom, aboveTokens }) => `${model} ${validFrom} ${aboveTokens}`}
      columns={[
        { heading: texts.model, cell: ({ model }) => <code>{model}</code> },
        {
          heading: texts.state,
          cell: (price) => {
            const state = priceState(price, items, now);
            return <Badge tone={tones[state]}>{texts[state]}</Badge>;
          },
        },
        { heading: texts.validFrom, cell: ({ validFrom }) => <Time at={validFrom} /> },
        {
          heading: texts.above,
          numeric: true,
          cell: ({ aboveTokens }) => (aboveTokens ? formatNumber(language, aboveTokens) : ''),
        },
        ...names.map((name) => ({
          heading: texts.names[name],
          numeric: true,
          cell: (price: Price) => formatDecimal(language, price[name]),
        })),
      ]}
    />
  );
}
