import { z } from '@hono/zod-openapi';
import type { invitations } from '../../db/schema/people/invitations.ts';
import { userRoles } from '../../db/schema/people/users.ts';

export const invitationSchema = z
  .strictObject({
    id: z.uuid(),
    email: z.string(),
    role: z.enum(userRoles),
    expiresAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Invitation');

export type Invitation = z.output<typeof invitationSchema>;

export const toInvitation = (row: typeof invitations.$inferSelect): Invitation => ({
  id: row.id,
  email: row.email,
  role: row.role,
  expiresAt: row.expiresAt.toISOString(),
  createdAt: row.createdAt.toISOString(),
});
