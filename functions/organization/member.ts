import { z } from '@hono/zod-openapi';
import { userRoles, users } from '../../db/schema/people/users.ts';

export const memberSchema = z
  .strictObject({ id: z.uuid(), email: z.string(), role: z.enum(userRoles), createdAt: z.iso.datetime() })
  .openapi('Member');

/** What the function's login may see of people. */
export const memberColumns = { id: users.id, email: users.email, role: users.role, createdAt: users.createdAt };

export type MemberRow = Pick<typeof users.$inferSelect, keyof typeof memberColumns>;

export const toMember = (row: MemberRow): z.output<typeof memberSchema> => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
});
