import { createDatabase } from '../../../db/client.ts';
import type { Verdict } from '../../../platform/kernel/composition.ts';
import { checkBooks } from './check-books.ts';

/** Whether the books of a restored database agree with themselves. @param databaseUrl of a role that sees every organization */
export async function proveLedger(databaseUrl: string): Promise<Verdict> {
  const database = createDatabase({ url: databaseUrl, connections: 1, applicationName: 'pandect drill' });
  try {
    const found = await database.transaction(checkBooks);
    if (found.length === 0) return { state: 'ok', detail: 'the books agree with themselves' };
    return { state: 'fail', detail: `${found.length} discrepancies, first ${found[0]?.check} of ${found[0]?.subject}` };
  } finally {
    await database.close();
  }
}
