import { request } from 'node:http';
import type { InstanceReport } from '../../kernel/instance-report.ts';

/** One request to an instance's control paths, see `runtime/listener.ts`. Rejects on anything but 200. */
export function askInstance(socketPath: string, path: string, timeoutMs = 2_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, agent: false, timeout: timeoutMs }, (response) => {
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
    asked.end();
  });
}

/** What a process says of itself; undefined when it does not answer. */
export const readReport = (socketPath: string, timeoutMs?: number): Promise<InstanceReport | undefined> =>
  askInstance(socketPath, '/_pandect/state', timeoutMs).then(
    (text) => JSON.parse(text) as InstanceReport,
    () => undefined,
  );
