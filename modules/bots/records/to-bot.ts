import type { bots } from '../../../db/schema/bots/bots.ts';
import type { Bot } from '../contract.ts';
import { settingsSchema } from './settings.ts';

/** A row as skills see it. */
export const toBot = (row: typeof bots.$inferSelect, createdBy: string): Bot => ({
  ...{ id: row.id, organizationId: row.organizationId, createdBy, username: row.username },
  ...{ skills: row.skills as Bot['skills'], timeZone: row.timeZone },
  settings: settingsSchema.parse(row.settings),
});
