import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { composeOpenApi, type Fragment } from '../platform/edge/openapi.ts';
import { version } from '../platform/kernel/version.ts';

/** Stands for everything that a function is given: what describes an operation uses nothing of it. */
const nothing: unknown = new Proxy(() => {}, {
  get: (_, property) => (property === 'then' || property === Symbol.toPrimitive ? undefined : nothing),
  apply: () => nothing,
});

/** The OpenAPI document that a platform of this checkout serves with default settings, made without starting one. */
export async function describeApi(): Promise<object> {
  const folder = join(import.meta.dirname, '../functions');
  const fragments: Record<string, Fragment> = {};
  for (const name of await readdir(folder)) {
    const { createApp }: { createApp(deps: unknown): OpenAPIHono } = await import(join(folder, name, 'app.ts'));
    const described: unknown = createApp(nothing).getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: name, version: '1' },
    });
    fragments[name] = described as Fragment;
  }
  return composeOpenApi(fragments, { version, title: 'Pandect', gatewayPath: '/v1' });
}
