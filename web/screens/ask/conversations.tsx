import type { Schemas } from '@pandect/client';
import { useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useId, useRef, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { Failure } from '../../app/problem.tsx';
import { useDelayed } from '../../app/use-delayed.ts';
import { usePages } from '../../app/use-pages.ts';
import { Loading } from '../../parts/loading.tsx';
import { useUndo } from '../../parts/undo.tsx';
import { RowMenu } from './manage/row-menu.tsx';

type Listed = Schemas['ListedConversation'];

const en = {
  heading: 'Conversations',
  search: 'Search conversations',
  view: 'Which conversations',
  own: 'Mine',
  shared: 'Shared',
  none: 'No conversations yet.',
  noneFound: 'Nothing found.',
  deleted: 'Conversation deleted.',
};
const ru: typeof en = {
  heading: 'Беседы',
  search: 'Поиск в беседах',
  view: 'Какие беседы',
  own: 'Мои',
  shared: 'Общие',
  none: 'Бесед пока нет.',
  noneFound: 'Ничего не найдено.',
  deleted: 'Беседа удалена.',
};
const words = { en, ru };

/** The conversations of the person, and those that others share, for the column on the left. */
export function Conversations({ onLeave }: { onLeave?: () => void }) {
  const texts = useWords(words);
  const { api } = useClient();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { id: current } = useParams({ strict: false });
  const heading = useId();
  const [view, setView] = useState<'own' | 'shared'>('own');
  const [typed, setTyped] = useState('');
  const q = useDelayed(typed.trim());
  const [deleted, setDeleted] = useState<ReadonlySet<string>>(new Set());
  const undo = useUndo();
  const pages = usePages(['listConversations', view, q], async (cursor, signal) => {
    const query = { ...cursor, view, limit: 30, ...(q && { q }) };
    return (await api.GET('/api/conversations', { params: { query }, signal })).data;
  });
  const remove = (id: string) => {
    setDeleted((before) => new Set([...before, id]));
    if (id === current) void navigate({ to: '/' });
    const restore = () => setDeleted((before) => new Set([...before].filter((other) => other !== id)));
    undo.begin(
      texts.deleted,
      () =>
        void api
          .DELETE('/api/conversations/{id}', { params: { path: { id } } })
          .then(() => queries.invalidateQueries({ queryKey: ['listConversations'] }))
          .catch(restore),
      restore,
    );
  };
  const items = pages.items?.filter(({ id }) => !deleted.has(id));
  return (
    <section aria-labelledby={heading} className="grid content-start gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2 px-3">
        <h2 id={heading} className="text-sm whitespace-nowrap text-muted">
          {texts.heading}
        </h2>
        <select
          aria-label={texts.view}
          value={view}
          onChange={(event) => setView(event.currentTarget.value as typeof view)}
          className="rounded-md border border-line bg-surface px-1 text-sm"
        >
          <option value="own">{texts.own}</option>
          <option value="shared">{texts.shared}</option>
        </select>
      </div>
      <input
        type="search"
        aria-label={texts.search}
        placeholder={texts.search}
        maxLength={200}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        className="mx-3 min-w-0 rounded-md border border-line bg-surface px-2 py-1"
      />
      {pages.error && !items ? <Failure error={pages.error} onRetry={() => pages.refetch()} /> : null}
      {items ? null : pages.error ? null : <Loading />}
      {items?.length === 0 ? <p className="px-3 text-sm text-muted">{q ? texts.noneFound : texts.none}</p> : null}
      <ul>
        {items?.map((conversation) => (
          <Row key={conversation.id} conversation={conversation} onLeave={onLeave} onDelete={remove} />
        ))}
      </ul>
      {pages.hasNextPage ? <More key={items?.length} load={() => void pages.fetchNextPage()} /> : null}
      {undo.bar}
    </section>
  );
}

function Row({
  conversation,
  onLeave,
  onDelete,
}: {
  conversation: Listed;
  onLeave: (() => void) | undefined;
  onDelete: (id: string) => void;
}) {
  const { id, title, excerpt, isOwn, owner } = conversation;
  return (
    <li className="group flex items-start rounded-md hover:bg-accent-soft has-[[aria-current=page]]:bg-accent-soft">
      <Link
        to="/c/$id"
        params={{ id }}
        className="min-w-0 flex-1 px-3 py-2 text-ink no-underline"
        {...(onLeave && { onClick: onLeave })}
      >
        <span dir="auto" className="block truncate text-sm">
          {title}
        </span>
        {isOwn ? null : <span className="block truncate text-xs text-muted">{owner.email}</span>}
        {excerpt ? (
          <span dir="auto" className="line-clamp-2 text-xs text-muted">
            {excerpt}
          </span>
        ) : null}
      </Link>
      {isOwn ? <RowMenu conversation={conversation} onDelete={() => onDelete(id)} /> : null}
    </li>
  );
}

/** The end of what was read: more is read when it comes into view. */
function More({ load }: { load: () => void }) {
  const end = useRef<HTMLDivElement>(null);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const seen = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) latest.current();
    });
    if (end.current) seen.observe(end.current);
    return () => seen.disconnect();
  }, []);
  return <div ref={end} className="h-8" />;
}
