import type { FunctionManifest } from '../kernel/manifest.ts';
import type { Provider } from '../runtime/boot.ts';
import { composeFunction } from '../runtime/http/compose-function.ts';
import { limitRate } from '../runtime/http/limit-rate.ts';
import type { FunctionModule } from '../runtime/run-function.ts';
import type { TestDatabase } from './database.ts';
import { type TestEnvironment, type TestProcess, testProcess } from './process.ts';

export interface TestApp extends TestProcess {
  /** Asks the function as the edge would. `as` adds the member's token, `json` a body. */
  request(call: `${string} /${string}`, options?: TestRequest): Promise<Response>;
  /** For a server in front of it. */
  fetch(request: Request, env?: object): Response | Promise<Response>;
  /** The same as `request` with the answer's JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test finds out
  json<T = any>(call: `${string} /${string}`, options?: TestRequest): Promise<{ status: number; body: T }>;
}

export interface TestRequest extends Omit<RequestInit, 'method'> {
  as?: { token: string } | undefined;
  json?: unknown;
  headers?: Record<string, string>;
}

/** A function with all of its middleware and its real dependencies, without a process around it. */
export async function testApp<P extends Record<string, Provider<unknown>>>(
  database: Pick<TestDatabase, 'name' | 'ownerUrl'>,
  unit: { name: string; manifest: FunctionManifest; module: FunctionModule<P> },
  options: { environment?: TestEnvironment; folder?: string } = {},
): Promise<TestApp> {
  const { name, manifest, module } = unit;
  const process = await testProcess({ kind: 'function', name, manifest }, database, options);
  const app = await composeFunction(
    process.boot,
    manifest,
    module.createApp(await process.boot.useAll(module.provide)),
    limitRate,
    module.writeProblem,
  );
  const request: TestApp['request'] = async (call, { as, json, headers, ...init } = {}) => {
    const [method = '', path = ''] = call.split(' ', 2);
    return app.request(path, {
      method,
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...init,
      headers: {
        ...(as && { authorization: `Bearer ${as.token}` }),
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
    });
  };
  return {
    ...process,
    fetch: (incoming, env) => app.fetch(incoming, env),
    request,
    async json(call, options) {
      const response = await request(call, options);
      return { status: response.status, body: await response.json() };
    },
  };
}
