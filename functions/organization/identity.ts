import { z } from '@hono/zod-openapi';
import type { OwnIdentity } from '../../modules/people/linked/index.ts';

export const identitySchema = z
  .strictObject({
    id: z.uuid(),
    botId: z.uuid().openapi({ description: 'The bot in whose chat you are known' }),
    letters: z.boolean().openapi({ description: 'Whether letters are sent to that chat as well' }),
    createdAt: z.iso.datetime(),
  })
  .openapi('LinkedIdentity');

export const toIdentity = (row: OwnIdentity): z.output<typeof identitySchema> => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
});
