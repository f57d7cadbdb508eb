import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { type About, composeOpenApi, type Fragment } from '../edge/openapi.ts';

export type ApiDescription = ReturnType<typeof composeOpenApi>;

/** Stands for everything that a function is given: what describes an operation uses nothing of it. */
const nothing: unknown = new Proxy(() => {}, {
  get: (_, property) => (property === 'then' || property === Symbol.toPrimitive ? undefined : nothing),
  apply: () => nothing,
});

/**
 * The OpenAPI document of all functions of a checkout, made without starting one. It loads all their code, and some of it keeps timers:
 * a process that has called it is to be ended.
 */
export async function describeFunctions(root: string, about: About): Promise<ApiDescription> {
  const folder = join(root, 'functions');
  const fragments: Record<string, Fragment> = {};
  for (const name of await readdir(folder)) {
    const path = pathToFileURL(join(folder, name, 'app.ts')).href;
    const { createApp }: { createApp(deps: unknown): OpenAPIHono } = await import(path);
    const described: unknown = createApp(nothing).getOpenAPI31Document({
      openapi: '3.1.0',
      info: { title: name, version: '1' },
    });
    fragments[name] = described as Fragment;
  }
  return composeOpenApi(fragments, about);
}
