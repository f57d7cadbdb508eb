import { and, eq, inArray, ne, sql } from 'drizzle-orm';
import type { Database, Transaction } from '../../db/client.ts';
import { conversationReaders } from '../../db/schema/legal/conversation-readers.ts';
import { conversations } from '../../db/schema/legal/conversations.ts';
import { users } from '../../db/schema/people/users.ts';
import { recordAct } from '../../modules/people/record-act.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { invalidRequest, notFound } from '../../platform/kernel/problems.ts';
import type { Caller } from '../../platform/runtime/http/caller.ts';
import { type ConversationRow, findOwnConversation, ownConversation } from './conversation.ts';

/** Who may read a conversation besides its owner: `userIds` are members of the organization. */
export type Sharing = { with: 'organization' } | { with: 'members'; userIds: readonly string[] } | { with: 'owner' };

/** What refers to a row that is gone, and what PostgreSQL ends where two wait for each other in a circle. */
const MEMBER_REMOVED = ['23503', '40P01'];
/** Each after the first needs another member who is removed at that very moment. */
const ATTEMPTS = 5;

/** Makes it so; sharing that stays as it is keeps its time and is not recorded again. @throws Problem not-found, invalid-request */
export async function setSharing(
  database: Database,
  caller: Caller,
  id: string,
  sharing: Sharing,
): Promise<ConversationRow> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await share(database, caller, id, sharing);
    } catch (error) {
      // A chosen member was removed after they were looked up: now they are known to be no member.
      if (attempt === ATTEMPTS || !MEMBER_REMOVED.includes(codeOf(error))) throw error;
    }
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error ? ((error as { code?: string }).code ?? codeOf(error.cause)) : '';

const share = (database: Database, caller: Caller, id: string, sharing: Sharing): Promise<ConversationRow> =>
  database.tenant(caller.organizationId, async (tx) => {
    const [own] = await tx
      .select({ sharedAt: conversations.sharedAt })
      .from(conversations)
      .where(ownConversation(id, caller))
      .for('update');
    if (!own) throw new Problem(notFound);
    const readers = sharing.with === 'members' ? await membersOf(tx, caller, sharing.userIds) : [];
    const isForAll = sharing.with === 'organization';
    const wasForAll = own.sharedAt !== null;
    if (isForAll !== wasForAll) {
      const sharedAt = isForAll ? sql`now()` : null;
      await tx.update(conversations).set({ sharedAt }).where(eq(conversations.id, id));
    }
    const isChanged = await replaceReaders(tx, caller, id, readers);
    if (isChanged || isForAll !== wasForAll) {
      const action = sharing.with === 'owner' ? 'stop-sharing-conversation' : 'share-conversation';
      const details = sharing.with === 'members' ? { readers: readers.map(({ email }) => email) } : {};
      const { organizationId, userId: actorId, keyId } = caller;
      await recordAct(tx, { organizationId, actorId, keyId, action, target: id, details });
    }
    return findOwnConversation(tx, id, caller);
  });

interface Reader {
  id: string;
  email: string;
}

async function membersOf(tx: Transaction, { userId }: Caller, userIds: readonly string[]): Promise<Reader[]> {
  const found = await tx
    .select({ id: users.id, email: users.email })
    .from(users)
    .where(and(inArray(users.id, [...userIds]), ne(users.id, userId)));
  const known = new Set(found.map(({ id }) => id));
  const errors = userIds.flatMap((id, index) =>
    known.has(id.toLowerCase())
      ? []
      : [{ path: `body.userIds.${index}`, message: 'is not another member of your organization' }],
  );
  if (errors.length > 0) throw new Problem(invalidRequest, { errors });
  return found;
}

/** Returns whether anything changed. */
async function replaceReaders(
  tx: Transaction,
  { organizationId }: Caller,
  conversationId: string,
  readers: readonly Reader[],
): Promise<boolean> {
  const before = await tx
    .select({ userId: conversationReaders.userId })
    .from(conversationReaders)
    .where(eq(conversationReaders.conversationId, conversationId));
  const known = new Set(before.map(({ userId }) => userId));
  const wanted = new Set(readers.map(({ id }) => id));
  const removed = [...known].filter((id) => !wanted.has(id));
  const added = [...wanted].filter((id) => !known.has(id));
  if (removed.length > 0)
    await tx
      .delete(conversationReaders)
      .where(and(eq(conversationReaders.conversationId, conversationId), inArray(conversationReaders.userId, removed)));
  if (added.length > 0)
    await tx.insert(conversationReaders).values(added.map((userId) => ({ conversationId, organizationId, userId })));
  return removed.length + added.length > 0;
}
