import { request } from 'node:http';
import type { InstanceReport } from '../../kernel/instance-report.ts';

/**
 * One request to an instance's control paths, see `runtime/listener.ts`. Rejects on anything but 200.
 * @param json makes it a POST
 */
export function askInstance(socketPath: string, path: string, timeoutMs = 2_000, json?: string): Promise<string> {
  const sent = json === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' } };
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, agent: false, timeout: timeoutMs, ...sent }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200
          ? resolve(body)
          : reject(new Error(`Ask "${path}": ${response.statusCode} ${body}`)),
      );
    });
    asked.on('timeout', () => asked.destroy(new Error(`Ask "${path}": no answer within ${timeoutMs} ms`)));
    asked.on('error', reject);
    asked.end(json);
  });
}

/** Afterwards a request takes a tenth of what the first one takes. */
const WARM_UPS = 10;

/**
 * Has a function's process run its middleware, with a body and without, one request after the other. A release that does not know this,
 * or fails at it, serves cold.
 */
export async function warmUpInstance(socketPath: string): Promise<void> {
  try {
    for (let count = 0; count < WARM_UPS; count++) {
      for (const json of [undefined, '{}']) await askInstance(socketPath, '/_pandect/warm-up', 2_000, json);
    }
  } catch {
    // It is ready all the same.
  }
}

/** What a process says of itself; undefined when it does not answer. */
export const readReport = (socketPath: string, timeoutMs?: number): Promise<InstanceReport | undefined> =>
  askInstance(socketPath, '/_pandect/state', timeoutMs).then(
    (text) => JSON.parse(text) as InstanceReport,
    () => undefined,
  );
