import { sql } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { organizations } from '../../../db/schema/people/organizations.ts';
import { updateOrganization } from './update.ts';

/** Gives an organization questions beyond its plan. @returns how many it has now; 0 when it is gone */
export async function addCredits(tx: Transaction, id: string, questions: number): Promise<number> {
  const questionCredits = sql`${organizations.questionCredits} + ${questions}`;
  return (await updateOrganization(tx, id, { questionCredits }))?.questionCredits ?? 0;
}
