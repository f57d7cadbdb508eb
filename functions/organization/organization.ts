import { z } from '@hono/zod-openapi';
import type { organizations } from '../../db/schema/people/organizations.ts';

export const organizationSchema = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    tier: z.string().openapi({ example: 'basic' }),
    subscriptionStartedAt: z.iso.datetime(),
    subscriptionEndsAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Organization');

export const toOrganization = (row: typeof organizations.$inferSelect): z.output<typeof organizationSchema> => ({
  id: row.id,
  name: row.name,
  tier: row.tier,
  subscriptionStartedAt: row.subscriptionStartedAt.toISOString(),
  subscriptionEndsAt: row.subscriptionEndsAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});
