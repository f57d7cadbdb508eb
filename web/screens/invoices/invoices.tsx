import { Link } from '@tanstack/react-router';
import { useRef } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { isAtLeast, useMe } from '../../app/me.ts';
import { usePages } from '../../app/use-pages.ts';
import { Empty } from '../../parts/empty.tsx';
import { NotAllowed } from '../../parts/not-allowed.tsx';
import { Paged } from '../../parts/paged.tsx';
import { Screen } from '../../parts/screen.tsx';
import { InvoiceTable } from './invoice-table.tsx';
import { words } from './words.ts';

export default function Invoices() {
  const texts = useWords(words);
  const me = useMe();
  if (me && !isAtLeast(me.role, 'admin')) {
    return (
      <Screen heading={texts.heading}>
        <NotAllowed least="admin" />
      </Screen>
    );
  }
  return (
    <Screen heading={texts.heading} wide>
      <InvoiceList mayPay={isAtLeast(me?.role, 'owner')} />
    </Screen>
  );
}

/** Payers come back here, often before the provider has told of their payment. */
const REFRESH_MS = 5_000;
const REFRESHED_FOR_MS = 3 * 60_000;

function InvoiceList({ mayPay }: { mayPay: boolean }) {
  const texts = useWords(words);
  const { api } = useClient();
  const openedAt = useRef(performance.now());
  const pages = usePages(
    ['listInvoices'],
    async (query, signal) => (await api.GET('/api/invoices', { signal, params: { query } })).data,
    (invoices) =>
      performance.now() - openedAt.current < REFRESHED_FOR_MS && invoices.some(({ state }) => state === 'open')
        ? REFRESH_MS
        : false,
  );
  return (
    <Paged pages={pages} empty={<Empty action={<Link to="/plans">{texts.plans}</Link>}>{texts.none}</Empty>}>
      {(invoices) => <InvoiceTable invoices={invoices} mayPay={mayPay} caption={texts.heading} />}
    </Paged>
  );
}
