import { z } from '@hono/zod-openapi';

/** The name of a unit, which is a folder's. */
export const unitName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a unit');

export const unitParameter = z.object({
  unit: unitName.openapi({ param: { name: 'unit', in: 'path' }, example: 'ask' }),
});
