import { z } from '@hono/zod-openapi';
import type { ProviderKeyOfOrganization } from '../../modules/models/configuration/provider-keys.ts';

export const providerParameter = z.object({
  provider: z
    .string()
    .min(1)
    .max(100)
    .openapi({ param: { name: 'provider', in: 'path' }, example: 'openai', description: 'Provider of the platform' }),
});

export const providerKeySchema = z
  .strictObject({
    provider: z.string(),
    last4: z.string().openapi({ description: 'End of the key, for recognition; `****` for short ones' }),
    createdAt: z.iso.datetime(),
  })
  .openapi('ProviderKey');

export const toProviderKey = ({ createdAt, ...key }: ProviderKeyOfOrganization): z.infer<typeof providerKeySchema> => ({
  ...key,
  createdAt: createdAt.toISOString(),
});
