import type { Schemas } from '@pandect/client';
import { useMutation } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';
import { saveFile } from '../../app/download.ts';
import { useLanguage, useWords } from '../../app/language.tsx';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { formatMoney } from '../../parts/money.ts';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { words } from './words.ts';

type Invoice = Schemas['Invoice'];

/** Invoices with their documents; with `mayPay`, open ones can be paid online. */
export function InvoiceTable({ invoices, mayPay, caption }: { invoices: Invoice[]; mayPay: boolean; caption: string }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { api } = useClient();
  const download = useMutation({
    async mutationFn({ id, number }: Invoice) {
      const { data, response } = await api.GET('/api/invoices/{id}/pdf', { params: { path: { id } }, parseAs: 'blob' });
      saveFile(response, data as unknown as Blob, `invoice-${number}.pdf`);
    },
  });
  const pay = useMutation({
    async mutationFn({ id }: Invoice) {
      const { data } = await api.POST('/api/invoices/{id}/payments', {
        params: { path: { id } },
        body: { provider: 'yookassa' },
      });
      if (data?.confirmationUrl) window.location.assign(data.confirmationUrl);
    },
  });
  const failure = download.error ?? pay.error;
  return (
    <>
      {failure ? <Failure error={failure} /> : null}
      <Table
        caption={caption}
        rows={invoices}
        rowKey={({ id }) => id}
        columns={[
          { heading: texts.number, cell: ({ number }) => number },
          { heading: texts.issued, cell: ({ issuedAt }) => <Time at={issuedAt} to="day" /> },
          { heading: texts.due, cell: ({ dueAt, state }) => (state === 'open' ? <Time at={dueAt} to="day" /> : '—') },
          { heading: texts.total, numeric: true, cell: ({ total }) => formatMoney(language, total) },
          { heading: texts.state, cell: ({ state }) => texts.states[state] },
          {
            heading: texts.document,
            cell: (invoice) => (
              <span className="flex flex-wrap gap-2">
                <Button
                  kind="secondary"
                  aria-label={texts.download(invoice.number)}
                  onClick={() => download.mutate(invoice)}
                >
                  {texts.pdf}
                </Button>
                {mayPay && invoice.state === 'open' ? (
                  <Button
                    aria-label={texts.payNumber(invoice.number)}
                    busy={pay.isPending}
                    onClick={() => pay.mutate(invoice)}
                  >
                    {texts.pay}
                  </Button>
                ) : null}
              </span>
            ),
          },
        ]}
      />
    </>
  );
}
