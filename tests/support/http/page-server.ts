import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves one HTML page at every path. */
export interface PageServer {
  origin: string;
  close(): Promise<void>;
}

/** @param port 0 for any */
export async function servePage(html: string, port = 0): Promise<PageServer> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
