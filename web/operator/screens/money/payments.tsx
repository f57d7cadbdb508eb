import type { Schemas } from '@pandect/client';
import { useClient } from '../../../app/client.tsx';
import { useLanguage, useWords } from '../../../app/language.tsx';
import { usePages } from '../../../app/use-pages.ts';
import { Empty } from '../../../parts/empty.tsx';
import { Choice } from '../../../parts/field.tsx';
import { formatMoney } from '../../../parts/money.ts';
import { Paged } from '../../../parts/paged.tsx';
import { Table } from '../../../parts/table.tsx';
import { Time } from '../../../parts/time.tsx';
import { Go } from '../../app/go.tsx';
import { segment, useFilters } from '../../app/place.ts';
import { Badge } from '../../parts/badge.tsx';
import { ChangeButton } from '../../parts/change-button.tsx';
import { FilterField } from '../../parts/filter-field.tsx';
import { readAmount } from './read-amount.ts';
import { words } from './words.ts';

type Payment = Schemas['AdministeredPayment'];
type Shown = 'awaited' | 'mismatch' | 'all';

const queries = {
  awaited: { state: 'pending', provider: 'bank' },
  mismatch: { mismatch: 'true' },
  all: {},
} as const;

const tones = { pending: 'info', succeeded: 'ok', cancelled: 'quiet', surplus: 'warn' } as const;

/** Payments of all organizations; at first the transfers that wait for somebody who looks at the bank's statement. */
export function Payments() {
  const texts = useWords(words);
  const { api } = useClient();
  const [filters, setFilters] = useFilters(['show', 'invoice']);
  const show: Shown = filters.show && filters.show in queries ? (filters.show as Shown) : 'awaited';
  const { invoice = '' } = filters;
  const query = { ...queries[show], ...(invoice && { invoice }) };
  const pages = usePages(
    ['listPayments', query],
    async (cursor, signal) =>
      (await api.GET('/api/admin/payments', { signal, params: { query: { ...query, ...cursor } } })).data,
  );
  return (
    <div className="grid gap-4">
      <h2>{texts.payments}</h2>
      <search className="grid gap-4 sm:grid-cols-2 lg:max-w-3xl">
        <Choice
          label={texts.show}
          value={show}
          options={(['awaited', 'mismatch', 'all'] as const).map((value) => ({ value, text: texts[value] }))}
          onChoose={(value) => setFilters({ show: value === 'awaited' ? undefined : value })}
        />
        <FilterField
          label={texts.invoice}
          maxLength={20}
          value={invoice}
          onFilter={(value) => setFilters({ invoice: value })}
        />
      </search>
      <Paged pages={pages} empty={<Empty>{show === 'awaited' && !invoice ? texts.none : texts.noneAtAll}</Empty>}>
        {(items) => <PaymentTable items={items} />}
      </Paged>
    </div>
  );
}

function PaymentTable({ items }: { items: Payment[] }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  return (
    <Table
      caption={texts.payments}
      rows={items}
      rowKey={({ id }) => id}
      columns={[
        { heading: texts.number, cell: ({ invoice }) => invoice.number },
        {
          heading: texts.buyer,
          cell: ({ invoice, organizationId }) => (
            <Go to={`/organizations/${segment(organizationId)}`} dir="auto" className="inline-block min-w-32">
              {invoice.buyer}
            </Go>
          ),
        },
        {
          heading: texts.amount,
          numeric: true,
          cell: ({ amount }) => <span className="whitespace-nowrap">{formatMoney(language, amount)}</span>,
        },
        { heading: texts.provider, cell: ({ provider }) => texts[provider] },
        {
          heading: texts.state,
          cell: ({ state, mismatch }) => (
            <>
              <Badge tone={tones[state]}>{texts.states[state]}</Badge>
              {mismatch ? <span className="block text-danger">{mismatch}</span> : null}
            </>
          ),
        },
        { heading: texts.created, cell: ({ createdAt }) => <Time at={createdAt} /> },
        {
          heading: texts.action,
          cell: (payment) =>
            payment.state === 'pending' && payment.provider === 'bank' ? <Confirm {...payment} /> : null,
        },
      ]}
    />
  );
}

function Confirm({ id, amount, currency, invoice: { number, buyer } }: Payment) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { api } = useClient();
  return (
    <ChangeButton
      text={texts.confirm}
      name={texts.confirmNamed(number)}
      kind="primary"
      question={<p dir="auto">{texts.confirmText(buyer, formatMoney(language, amount))}</p>}
      typed={{
        label: texts.typeAmount,
        hint: texts.typeAmountHint,
        matches: (text) => readAmount(text) === amount,
      }}
      stale={[['listPayments']]}
      act={({ key }) =>
        api.POST('/api/admin/payments/{id}/confirm', {
          params: { path: { id } },
          headers: { 'Idempotency-Key': key },
          body: { amount, currency },
        })
      }
    />
  );
}
