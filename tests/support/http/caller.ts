import { request } from 'node:http';
import type { Echo, EchoFunction } from '../echo-function.ts';
import type { PlatformAccess } from '../platform.ts';

/** Asks a function from a loopback address of one's own, as another client's would be. */
export function callFrom(
  address: string,
  { url }: PlatformAccess,
  { path }: Pick<EchoFunction, 'path'>,
): Promise<Echo> {
  const { port } = new URL(url);
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, localAddress: address, agent: false, timeout: 10_000 };
    const sent = request(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 ? resolve(JSON.parse(text)) : reject(new Error(`${response.statusCode} ${text}`)),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
    sent.end();
  });
}
