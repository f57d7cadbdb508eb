import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { formatNumber } from '../../app/plural.ts';
import { useProblem } from '../../app/problem.tsx';
import { useRequestKey } from '../../app/use-request-key.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Choice, Field } from '../../parts/field.tsx';
import { formatMoney } from '../../parts/money.ts';
import { Notice } from '../../parts/notice.tsx';
import type { Order } from './order.ts';
import { words } from './words.ts';

type Provider = 'bank' | 'yookassa';

/** Says what changes now and with the next period, and asks for what the invoice needs. */
export function OrderDialog({ order, onClose }: { order: Order | undefined; onClose: () => void }) {
  const texts = useWords(words);
  return (
    <Dialog open={order !== undefined} heading={texts.now} onClose={onClose}>
      {order ? <OrderForm order={order} onClose={onClose} /> : null}
    </Dialog>
  );
}

function OrderForm({ order, onClose }: { order: Order; onClose: () => void }) {
  const texts = useWords(words);
  const problem = useProblem();
  const [provider, setProvider] = useState<Provider>('bank');
  const [name, setName] = useState('');
  const [inn, setInn] = useState('');
  const explanation = useExplanation(order);
  const sending = useOrder(order);
  const isPaid = order.kind !== 'downgrade' && order.kind !== 'trial';
  const buyer = name.trim() === '' ? undefined : { name: name.trim(), ...(inn === '' ? {} : { inn }) };

  if (sending.isSuccess) {
    return (
      <>
        <Notice tone="ok">{texts.done}</Notice>
        <p>
          <Link to="/invoices">{texts.invoices}</Link>
        </p>
      </>
    );
  }
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        problem.clear();
        sending.mutate({ provider, buyer }, { onError: problem.show });
      }}
    >
      <p>{explanation}</p>
      {isPaid ? (
        <>
          <Choice
            label={texts.pay}
            value={provider}
            onChoose={setProvider}
            error={problem.fields.provider}
            options={[
              { value: 'bank', text: texts.bank },
              { value: 'yookassa', text: texts.yookassa },
            ]}
          />
          <Field
            label={texts.buyer}
            value={name}
            maxLength={300}
            error={problem.fields['buyer.name']}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Field
            label={texts.inn}
            value={inn}
            hint={texts.innHint}
            inputMode="numeric"
            pattern="\d{10}|\d{12}"
            error={problem.fields['buyer.inn']}
            onChange={(event) => setInn(event.currentTarget.value)}
          />
        </>
      ) : null}
      {problem.message ? <Notice tone="danger">{problem.message}</Notice> : null}
      <div className="flex flex-wrap justify-end gap-2">
        <Button kind="quiet" onClick={onClose}>
          {texts.cancel}
        </Button>
        <Button type="submit" busy={sending.isPending}>
          {isPaid ? texts.confirm : texts.choose}
        </Button>
      </div>
    </form>
  );
}

function useExplanation(order: Order): string {
  const texts = useWords(words);
  const { language } = useLanguage();
  if (order.kind === 'top-up') {
    return texts.topUp(`${order.name}: ${formatNumber(language, order.amount)}`, formatMoney(language, order.price));
  }
  const name = order.plan.name[language];
  if (order.kind === 'trial') return texts.trialText(name);
  if (order.kind === 'subscribe-after-trial') return texts.afterTrial(name, formatMoney(language, order.plan.price));
  return texts[order.kind](name, formatMoney(language, order.plan.price));
}

interface Payer {
  provider: Provider;
  buyer: { name: string; inn?: string } | undefined;
}

function useOrder(order: Order) {
  const { keyOf } = useRequestKey();
  const { api } = useClient();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn({ provider, buyer }: Payer) {
      const payer = { provider, ...(buyer ? { buyer } : {}) };
      const header = { 'idempotency-key': keyOf(payer) };
      if (order.kind === 'top-up') {
        const { unit, amount } = order;
        const { data } = await api.POST('/api/top-ups', { params: { header }, body: { unit, amount, ...payer } });
        return data.payment;
      }
      const { tier } = order.plan;
      const action = order.kind === 'subscribe-after-trial' ? 'subscribe' : order.kind;
      const body = action === 'subscribe' || action === 'upgrade' ? { action, tier, ...payer } : { action, tier };
      const { data } = await api.POST('/api/subscription', { params: { header }, body });
      return data.payment;
    },
    async onSuccess(payment) {
      if (payment?.confirmationUrl) window.location.assign(payment.confirmationUrl);
      await queries.invalidateQueries();
    },
  });
}
