import { createRoute, z } from '@hono/zod-openapi';
import type { ImageCatalogue } from '../../../modules/models/images/catalogue.ts';
import { notFound, unauthenticated } from '../../../platform/kernel/problems.ts';
import { bearer, json, problems } from '../../../platform/runtime/http/operation.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';

const size = z.strictObject({ width: z.int(), height: z.int() });

const modelSchema = z
  .strictObject({
    name: z.string(),
    isDefault: z.boolean().openapi({ description: 'Makes the pictures of requests that name no model' }),
    sizes: z
      .union([
        z.strictObject({ sizes: z.array(size) }),
        z.strictObject({
          multipleOf: z.int(),
          minSide: z.int(),
          maxSide: z.int(),
          maxPixels: z.int(),
          maxRatio: z.number().openapi({ description: 'Longer side to shorter one' }),
        }),
      ])
      .openapi({ description: 'The sizes that it makes, or the rule that they keep' }),
    defaultSize: size,
    maxCount: z.int(),
    maxPromptCharacters: z.int(),
    unitsPerPicture: z.int(),
    usualSeconds: z.number(),
  })
  .openapi('ImageModel');

const route = createRoute({
  method: 'get',
  path: '/api/images/models',
  operationId: 'listImageModels',
  tags: ['images'],
  summary: 'Models of pictures, and what each allows',
  security: bearer,
  responses: {
    200: json(z.strictObject({ items: z.array(modelSchema) }), 'The models; the first is the default'),
    ...problems(unauthenticated, notFound),
  },
});

export function listModels(router: Router, { imageCatalogue }: { imageCatalogue: ImageCatalogue }): void {
  router.openapi(route, (c) => {
    const items = imageCatalogue
      .models()
      .map(({ provider: _, endpoint: __, timeoutSeconds: ___, ...model }, index) => ({
        ...model,
        sizes: 'sizes' in model.sizes ? { sizes: [...model.sizes.sizes] } : model.sizes,
        isDefault: index === 0,
      }));
    return c.json({ items }, 200);
  });
}
