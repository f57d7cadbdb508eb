import type { botUsers } from '../../../db/schema/bots/bot-users.ts';
import type { SkillName } from '../contract.ts';
import type { ShownBot, ShownUser } from './contract.ts';
import type { BotRow } from './find-bot.ts';
import { settingsSchema } from './settings.ts';

export const showBot = ({
  id,
  username,
  name,
  skills,
  timeZone,
  settings,
  state,
  delivery,
  createdAt,
}: BotRow): ShownBot => ({
  ...{ id, username, name, skills: skills as SkillName[], timeZone, state, delivery },
  ...{ settings: settingsSchema.parse(settings), createdAt: createdAt.toISOString() },
});

/** Nothing by which the person could be found in Telegram. */
export const showUser = (row: typeof botUsers.$inferSelect): ShownUser => ({
  ...{ id: row.id, language: row.language, isBlocked: row.blockedAt !== null },
  ...{ createdAt: row.createdAt.toISOString(), seenAt: row.seenAt.toISOString() },
});
