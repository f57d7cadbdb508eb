import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { isAtLeast, useMe } from '../../app/me.ts';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Loading } from '../../parts/loading.tsx';
import { NotAllowed } from '../../parts/not-allowed.tsx';
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

function InvoiceList({ mayPay }: { mayPay: boolean }) {
  const texts = useWords(words);
  const { api } = useClient();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['listInvoices'],
    queryFn: async ({ signal, pageParam }) => {
      const query = pageParam === undefined ? {} : { cursor: pageParam };
      return (await api.GET('/api/invoices', { signal, params: { query } })).data;
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  if (error) return <Failure error={error} onRetry={() => refetch()} />;
  if (!data) return <Loading />;
  const invoices = data.pages.flatMap(({ items }) => items);
  if (invoices.length === 0) return <Empty action={<Link to="/plans">{texts.plans}</Link>}>{texts.none}</Empty>;
  return (
    <>
      <InvoiceTable invoices={invoices} mayPay={mayPay} caption={texts.heading} />
      {hasNextPage ? (
        <Button kind="secondary" busy={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {texts.more}
        </Button>
      ) : null}
    </>
  );
}
