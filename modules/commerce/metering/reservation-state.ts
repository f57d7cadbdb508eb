import { eq } from 'drizzle-orm';
import type { Transaction } from '../../../db/client.ts';
import { type ReservationState, usageReservations } from '../../../db/schema/commerce/usage-reservations.ts';

/** The state of a request's reservation; undefined when there is none, or it ended and was forgotten after a day. */
export async function reservationState(tx: Transaction, requestId: string): Promise<ReservationState | undefined> {
  const [row] = await tx
    .select({ state: usageReservations.state })
    .from(usageReservations)
    .where(eq(usageReservations.requestId, requestId));
  return row?.state;
}
