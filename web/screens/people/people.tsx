import type { Schemas } from '@pandect/client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { isAtLeast, type Me, type Role, roleOrder, useMe, useReloadMe } from '../../app/me.ts';
import { Failure } from '../../app/problem.tsx';
import { roles } from '../../app/roles.ts';
import { usePages } from '../../app/use-pages.ts';
import { ConfirmButton } from '../../parts/confirm.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Paged } from '../../parts/paged.tsx';
import { Screen } from '../../parts/screen.tsx';
import { Table } from '../../parts/table.tsx';
import { Time } from '../../parts/time.tsx';
import { InviteForm } from './invite-form.tsx';
import { words } from './words.ts';

type Member = Schemas['Member'];

export default function People() {
  const texts = useWords(words);
  const named = useWords(roles);
  const me = useMe();
  const { api } = useClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['listMembers'],
    queryFn: async ({ signal }) => (await api.GET('/api/organization/members', { signal })).data,
  });
  const manages = isAtLeast(me?.role, 'admin');
  return (
    <Screen heading={texts.heading} wide>
      {error ? <Failure error={error} onRetry={() => refetch()} /> : null}
      {data && me ? <Members members={data.items} me={me} /> : error ? null : <Loading />}
      <section className="grid gap-2">
        <h2>{texts.roles}</h2>
        <dl className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
          {roleOrder.map((role) => (
            <div key={role} className="contents">
              <dt className="font-medium">{named[role].name}</dt>
              <dd className="text-muted">{named[role].may}</dd>
            </div>
          ))}
        </dl>
      </section>
      {manages && me ? (
        <>
          <InviteForm upTo={me.role} />
          <Invitations />
        </>
      ) : null}
    </Screen>
  );
}

/** Whether a person may change another: administrators and owners, over those who do not stand above them. */
const mayManage = (me: Me, { role }: Member): boolean => isAtLeast(me.role, 'admin') && isAtLeast(me.role, role);

function Members({ members, me }: { members: Member[]; me: Me }) {
  const texts = useWords(words);
  const owners = members.filter(({ role }) => role === 'owner').length;
  const isLastOwner = ({ role }: Member) => role === 'owner' && owners === 1;
  return (
    <Table
      caption={texts.heading}
      rows={members}
      rowKey={({ id }) => id}
      columns={[
        {
          heading: texts.person,
          cell: ({ id, email }) => (id === me.userId ? `${email} (${texts.you})` : email),
        },
        {
          heading: texts.role,
          cell: (member) => <RoleChoice member={member} me={me} isFixed={isLastOwner(member)} />,
        },
        { heading: texts.since, cell: ({ createdAt }) => <Time at={createdAt} to="day" /> },
        {
          heading: texts.action,
          cell: (member) => (isLastOwner(member) ? null : <RemoveButton member={member} me={me} />),
        },
      ]}
    />
  );
}

function RoleChoice({ member, me, isFixed }: { member: Member; me: Me; isFixed: boolean }) {
  const texts = useWords(words);
  const named = useWords(roles);
  const { api } = useClient();
  const queries = useQueryClient();
  const reloadMe = useReloadMe();
  const change = useMutation({
    mutationFn: (role: Role) =>
      api.PATCH('/api/organization/members/{id}', { params: { path: { id: member.id } }, body: { role } }),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['listMembers'] }),
        // What the page offers follows from one's own role.
        member.id === me.userId ? reloadMe() : undefined,
      ]),
  });
  if (!mayManage(me, member)) return named[member.role].name;
  return (
    <div className="grid min-w-48 gap-1">
      <select
        aria-label={texts.roleOf(member.email)}
        aria-describedby={isFixed ? `${member.id}-fixed` : undefined}
        value={change.isPending ? change.variables : member.role}
        disabled={isFixed || change.isPending}
        className="rounded-md border border-line bg-surface px-2 py-1"
        onChange={(event) => change.mutate(event.currentTarget.value as Role)}
      >
        {roleOrder
          .filter((role) => isAtLeast(me.role, role))
          .map((role) => (
            <option key={role} value={role}>
              {named[role].name}
            </option>
          ))}
      </select>
      {isFixed ? (
        <p id={`${member.id}-fixed`} className="max-w-xs text-sm text-muted">
          {texts.lastOwner}
        </p>
      ) : null}
      {change.error ? <Failure error={change.error} /> : null}
    </div>
  );
}

function RemoveButton({ member, me }: { member: Member; me: Me }) {
  const texts = useWords(words);
  const { api, session } = useClient();
  const queries = useQueryClient();
  const isMe = member.id === me.userId;
  if (!isMe && !mayManage(me, member)) return null;
  return (
    <ConfirmButton
      text={isMe ? texts.leave : texts.remove}
      name={isMe ? texts.leave : texts.removePerson(member.email)}
      question={isMe ? texts.leaveAsk : texts.removeAsk}
      act={async () => {
        await api.DELETE('/api/organization/members/{id}', { params: { path: { id: member.id } } });
        await (isMe ? session.signOut() : queries.invalidateQueries({ queryKey: ['listMembers'] }));
      }}
    />
  );
}

function Invitations() {
  const texts = useWords(words);
  const named = useWords(roles);
  const { api } = useClient();
  const queries = useQueryClient();
  const pages = usePages(
    ['listInvitations'],
    async (query, signal) => (await api.GET('/api/organization/invitations', { signal, params: { query } })).data,
  );
  return (
    <section className="grid gap-3">
      <h2>{texts.open}</h2>
      <Paged pages={pages} empty={<p className="text-muted">{texts.none}</p>}>
        {(invitations) => (
          <Table
            caption={texts.open}
            rows={invitations}
            rowKey={({ id }) => id}
            columns={[
              { heading: texts.address, cell: ({ email }) => email },
              { heading: texts.role, cell: ({ role }) => named[role].name },
              { heading: texts.expires, cell: ({ expiresAt }) => <Time at={expiresAt} /> },
              {
                heading: texts.action,
                cell: ({ id, email }) => (
                  <ConfirmButton
                    text={texts.withdraw}
                    name={texts.withdrawFor(email)}
                    question={texts.withdrawAsk}
                    act={async () => {
                      await api.DELETE('/api/organization/invitations/{id}', { params: { path: { id } } });
                      await queries.invalidateQueries({ queryKey: ['listInvitations'] });
                    }}
                  />
                ),
              },
            ]}
          />
        )}
      </Paged>
    </section>
  );
}
