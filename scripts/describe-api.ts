import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { composeOpenApi, type Fragment } from '../platform/edge/openapi.ts';
import { version } from '../platform/kernel/version.ts';

export type ApiDescription = ReturnType<typeof composeOpenApi>;

/** Stands for everything that a function is given: what describes an operation uses nothing of it. */
const nothing: unknown = new Proxy(() => {}, {
  get: (_, property) => (property === 'then' || property === Symbol.toPrimitive ? undefined : nothing),
  apply: () => nothing,
});

/** The OpenAPI document that a platform of this checkout serves with default settings, made without starting one. */
export async function describeApi(): Promise<ApiDescription> {
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

export const clientApiPath = join(import.meta.dirname, '../client/api.ts');

/** Tells API descriptions apart by what they describe; `client/api.ts` names the one that it was generated from. */
export const apiDigest = ({ paths, components }: ApiDescription): string =>
  createHash('sha256').update(JSON.stringify({ paths, components })).digest('hex').slice(0, 16);
