import type { Database } from '../../../db/client.ts';
import { measureUsage } from '../../../modules/commerce/metering/index.ts';
import { measureDocuments } from '../../../modules/legal/documents/measure-documents.ts';
import { measureImages } from '../../../modules/pictures/measure-images.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const DAYS = 7;
const DAY_MS = 86_400_000;

/** `pandect plan --measured`: counts and means over all organizations. */
export function load(router: Router, { database }: { database: Database }): void {
  router.get('/operator/load', async (c) => {
    const since = new Date(Date.now() - DAYS * DAY_MS);
    const { actions, people } = await measureUsage(database, since, DAYS);
    const images = await measureImages(database, since);
    const documents = await measureDocuments(database, since);
    return c.json({ days: DAYS, since: since.toISOString(), actions, people, images, documents });
  });
}
