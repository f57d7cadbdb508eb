import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestDatabase } from '../../../platform/testing/database.ts';
import type { TestEnvironment } from '../../../platform/testing/process.ts';
import { startUnitProcess } from '../../../platform/testing/unit-process.ts';
import manifest from '../function.ts';
import type { Credential } from '../gateway.fixture.ts';

export interface Answered {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** The gateway as a process of its own. */
export interface GatewayProcess {
  /** Rejects when the process ends before the answer does. @param onOpen is called with the status, before the answer is over */
  ask(
    body: object,
    as: Credential,
    signal?: AbortSignal,
    onOpen?: (status: number) => void,
    path?: string,
  ): Promise<Answered>;
  /** Its figures as the platform collects them. */
  metrics(): Promise<string>;
  /** What it wrote to its log so far. */
  said(): string;
  kill(): Promise<void>;
}

/** @param folder of files that processes share, such as journals */
export async function startGatewayProcess(
  database: TestDatabase,
  environment: TestEnvironment,
  folder: string,
): Promise<GatewayProcess> {
  const unit = { kind: 'function', name: 'gateway', manifest } as const;
  const { socketPath, said, kill } = await startUnitProcess(unit, database, { environment, folder });
  return {
    kill,
    said,
    metrics: () =>
      new Promise((resolve, reject) => {
        const sent = request({ socketPath, path: '/_pandect/metrics', agent: false }, (response) =>
          text(response).then(resolve, reject),
        );
        sent.once('error', reject).end();
      }),
    ask: (body, { token }, signal, onOpen, path = '/v1/chat/completions') =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
        const sent = request({ socketPath, path, method: 'POST', headers, agent: false, signal }, (response) => {
          const { statusCode: status = 0 } = response;
          onOpen?.(status);
          text(response).then((whole) => resolve({ status, headers: response.headers, text: whole }), reject);
        });
        sent.once('error', reject).end(JSON.stringify(body));
      }),
  };
}
