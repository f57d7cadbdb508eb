import { z } from '@hono/zod-openapi';
import { eq } from 'drizzle-orm';
import type { Transaction } from '../../db/client.ts';
import { organizations } from '../../db/schema/people/organizations.ts';
import { Problem } from '../../platform/kernel/problem.ts';
import { notFound } from '../../platform/kernel/problems.ts';

export type Organization = typeof organizations.$inferSelect;

/** Apart from the schema, since a description that extends another strict one admits nothing. */
export const organizationFields = {
  id: z.uuid(),
  name: z.string(),
  tier: z.string(),
  questionCredits: z.int(),
  subscriptionStartedAt: z.iso.datetime(),
  subscriptionEndsAt: z.iso.datetime().nullable(),
  suspendedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
};

export const organizationSchema = z.strictObject(organizationFields).openapi('AdministeredOrganization');

export const toOrganization = (row: Organization): z.output<typeof organizationSchema> => ({
  id: row.id,
  name: row.name,
  tier: row.tier,
  questionCredits: row.questionCredits,
  subscriptionStartedAt: row.subscriptionStartedAt.toISOString(),
  subscriptionEndsAt: row.subscriptionEndsAt?.toISOString() ?? null,
  suspendedAt: row.suspendedAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});

/** @throws Problem not-found */
export async function findOrganization(tx: Transaction, id: string): Promise<Organization> {
  const [row] = await tx.select().from(organizations).where(eq(organizations.id, id));
  if (!row) throw new Problem(notFound);
  return row;
}
