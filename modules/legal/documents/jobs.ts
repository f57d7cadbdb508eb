import { z } from 'zod';
import { defineJob } from '../../../platform/capabilities/queue/index.ts';

/** Has a stored document read and indexed. */
export const ingestJob = defineJob({
  queue: 'ingest',
  schema: z.strictObject({ organizationId: z.uuid(), documentId: z.uuid() }),
  group: ({ organizationId }) => organizationId,
});

/** Removes what a deleted document left outside the database. */
export const eraseDocumentJob = defineJob({
  queue: 'maintenance',
  schema: z.strictObject({
    kind: z.literal('erase-document'),
    organizationId: z.uuid(),
    documentId: z.uuid(),
    storageKey: z.string(),
  }),
});
