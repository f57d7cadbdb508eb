import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database, Transaction } from '../../db/client.ts';
import { images } from '../../db/schema/pictures/images.ts';
import { Refused } from '../../platform/kernel/refused.ts';
import type { GenerationState } from './contract.ts';
import { cancelImage } from './generations/cancel.ts';
import type { ImageRow } from './generations/change-image.ts';

/** A generation as an operator sees it: without a word of what was asked for. Times are ISO 8601. */
export interface ListedImage {
  id: string;
  organizationId: string;
  userId: string | null;
  status: GenerationState;
  reason: string | null;
  model: string;
  provider: string;
  width: number;
  height: number;
  count: number;
  units: number;
  attempts: number;
  maybeCharged: boolean;
  late: boolean;
  version: number;
  createdAt: string;
  submittedAt: string | null;
  startedAt: string | null;
  endedAt: string | null;
  cancelAskedAt: string | null;
}

export interface ImageDesk {
  /** The newest first. */
  list(asked: {
    status?: GenerationState | undefined;
    organization?: string | undefined;
    limit: number;
  }): Promise<ListedImage[]>;
  /** @throws Refused */
  show(id: string): Promise<ListedImage>;
  /** As `Generations.cancel` does. @throws Refused */
  cancel(id: string): Promise<ListedImage>;
}

export function createImageDesk(database: Pick<Database, 'transaction' | 'tenant'>): ImageDesk {
  const show = async (id: string) => toListed(await database.transaction((tx) => find(tx, id)));
  return {
    async list({ status, organization, limit }) {
      const rows = await database.transaction((tx) =>
        tx
          .select()
          .from(images)
          .where(
            and(
              status && eq(images.status, status),
              organization === undefined ? undefined : eq(images.organizationId, organization),
            ),
          )
          .orderBy(desc(images.createdAt), desc(images.id))
          .limit(limit),
      );
      return rows.map(toListed);
    },
    show,
    async cancel(id) {
      const { organizationId } = await show(id);
      return toListed(await database.tenant(organizationId, (tx) => cancelImage(tx, () => find(tx, id))));
    },
  };
}

async function find(tx: Transaction, id: string): Promise<ImageRow> {
  const [row] = z.uuid().safeParse(id).success ? await tx.select().from(images).where(eq(images.id, id)) : [];
  if (!row) throw new Refused('missing', `Find generation "${id}": there is none`);
  return row;
}

const toListed = (row: ImageRow): ListedImage => ({
  ...{ id: row.id, organizationId: row.organizationId, userId: row.userId, status: row.status, reason: row.reason },
  ...{ model: row.model, provider: row.provider, width: row.width, height: row.height, count: row.count },
  ...{ units: row.units, attempts: row.attempt, maybeCharged: row.maybeCharged, late: row.late, version: row.version },
  createdAt: row.createdAt.toISOString(),
  submittedAt: isoOf(row.submittedAt),
  startedAt: isoOf(row.startedAt),
  endedAt: isoOf(row.endedAt),
  cancelAskedAt: isoOf(row.cancelAskedAt),
});

const isoOf = (at: Date | null): string | null => at?.toISOString() ?? null;
