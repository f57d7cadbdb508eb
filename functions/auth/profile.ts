import { z } from '@hono/zod-openapi';
import { themes, userRoles } from '../../db/schema/people/users.ts';
import type { Profile } from '../../modules/people/accounts/index.ts';

const sessionOfProfile = z.strictObject({
  id: z.uuid(),
  startedAt: z.iso.datetime(),
  refreshedAt: z.iso.datetime().openapi({ description: 'When it last got tokens' }),
  userAgent: z.string().nullable().openapi({ description: 'What the client calls itself' }),
  address: z.string().nullable().openapi({ description: 'Where it got its last tokens from' }),
  current: z.boolean().openapi({ description: 'The session that asks' }),
});

export const profileSchema = z
  .strictObject({
    userId: z.uuid(),
    email: z.string(),
    emailConfirmed: z.boolean(),
    role: z.enum(userRoles),
    administrator: z.boolean().openapi({ description: 'Administers the whole platform' }),
    language: z.enum(['ru', 'en']).openapi({ description: 'Of the app and of e-mails' }),
    theme: z.enum(themes).nullable().openapi({ description: 'Colours of the app; null follows the device' }),
    organization: z.strictObject({ id: z.uuid(), name: z.string() }),
    sessions: z.array(sessionOfProfile).openapi({ description: 'The last used one first' }),
  })
  .openapi('Profile');

export const toProfile = ({ sessions, ...profile }: Profile): z.output<typeof profileSchema> => ({
  ...profile,
  sessions: sessions.map((session) => ({
    ...session,
    startedAt: session.startedAt.toISOString(),
    refreshedAt: session.refreshedAt.toISOString(),
  })),
});
