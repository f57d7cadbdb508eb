import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { Configurations } from '../../../modules/models/configuration/contract.ts';
import { type CallableModel, callableModels } from '../../../modules/models/gateway/find-route.ts';
import type { ImageCatalogue } from '../../../modules/models/images/catalogue.ts';
import { modelNotFound } from '../../../modules/models/problems.ts';
import { Problem } from '../../../platform/kernel/problem.ts';
import type { Router } from '../../../platform/runtime/http/router.ts';
import type { RouterEnv } from '../../../platform/runtime/http/router-env.ts';
import { describeOperation } from '../describe.ts';

interface ListModelsDeps {
  gateway: { configurations: Configurations };
  /** Models whose pictures the service makes itself. */
  imageCatalogue: Pick<ImageCatalogue, 'models'>;
}

/** Names that a caller may give as `model`: in Anthropic's form for its clients, which send their version, else in OpenAI's. */
export function listModels(router: Router, { gateway, imageCatalogue }: ListModelsDeps): void {
  const list = { path: '/v1/models', operationId: 'listModels', summary: 'Models and routes that the caller may use' };
  const params = { id: z.string().openapi({ param: { name: 'id', in: 'path' } }) };
  const get = { path: '/v1/models/{id}', operationId: 'getModel', summary: 'One model or route', params };
  for (const operation of [list, get])
    router.openAPIRegistry.registerPath(describeOperation({ method: 'get', ...operation }));

  const callable = async ({ var: { caller } }: Context<RouterEnv>) => {
    const images = imageCatalogue.models().map(({ name, provider }) => ({ id: name, provider }));
    return callableModels(await gateway.configurations.of(caller.organizationId), caller, images);
  };

  router.get('/v1/models', async (c) => {
    const models = await callable(c);
    if (!isForAnthropic(c)) return c.json({ object: 'list', data: models.map(forOpenAi) });
    const data = models.map(forAnthropic);
    return c.json({ data, has_more: false, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });
  });
  // Names may have slashes.
  router.get('/v1/models/:id{.+}', async (c) => {
    const id = c.req.param('id');
    const model = (await callable(c)).find((each) => each.id === id);
    if (!model) throw new Problem(modelNotFound, { parameters: { model: id } });
    return c.json(isForAnthropic(c) ? forAnthropic(model) : forOpenAi(model));
  });
}

const isForAnthropic = (c: Context): boolean => c.req.header('anthropic-version') !== undefined;

/** Both formats want a day; a configuration knows none. */
const forOpenAi = ({ id, provider }: CallableModel) => ({
  ...{ id, object: 'model', created: 0 },
  owned_by: provider ?? 'pandect',
});
const forAnthropic = ({ id }: CallableModel) => ({
  ...{ type: 'model', id, display_name: id },
  created_at: new Date(0).toISOString(),
});
