import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { Problem, pickLanguage, toProblemDocument } from '../kernel/problem.ts';

/** What the supervisor asks an instance; the edge routes only a function's own mounts, so clients cannot reach these. */
export interface Control {
  ready(): Promise<void>;
  metrics(): Promise<string>;
  openapi(): object;
}

export interface Listener {
  /** Requests that have not ended. */
  inFlight(): number;
  /** Requests so far. */
  begun(): number;
  /**
   * Answers on, but asks each connection to close after its answer; resolves when all are gone or `seconds` are over.
   * New connections no longer come, since the path that the edge dials already names another instance.
   */
  drain(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Serves one process on its unix socket.
 *
 * Idle connections stay open longer than the edge keeps them: the edge does not repeat a POST that it sent into a
 * connection which was just being closed. The edge's own limit is 5 s, see platform/edge/routes.ts.
 */
export async function listen(
  socketPath: string,
  handler: RequestListener,
  control: Control,
  { concurrency }: { concurrency: number },
): Promise<Listener> {
  let inFlight = 0;
  let begun = 0;
  let draining = false;

  const server = createServer({ keepAliveTimeout: 75_000, headersTimeout: 80_000 }, (request, response) => {
    if (request.url?.startsWith('/_pandect/')) {
      void answerControl(control, request.url, response);
      return;
    }
    if (draining) response.shouldKeepAlive = false;
    if (inFlight >= concurrency) {
      refuse(request, response);
      return;
    }
    inFlight++;
    begun++;
    response.once('close', () => inFlight--);
    handler(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, 1024, resolve);
  });

  return {
    inFlight: () => inFlight,
    begun: () => begun,
    async drain(seconds) {
      draining = true;
      const end = Date.now() + seconds * 1000;
      while (Date.now() < end && (await connections(server)) > 0) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const connections = (server: Server) =>
  new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count ?? 0)));

async function answerControl(control: Control, url: string, response: ServerResponse): Promise<void> {
  // A control connection is never kept, or it would hold up a drain.
  response.shouldKeepAlive = false;
  try {
    switch (url) {
      case '/_pandect/ready':
        await control.ready();
        response.end('ready\n');
        return;
      case '/_pandect/metrics':
        response.end(await control.metrics());
        return;
      case '/_pandect/openapi':
        response.end(JSON.stringify(control.openapi()));
        return;
      default:
        response.writeHead(404).end();
    }
  } catch (error) {
    response.writeHead(503).end(error instanceof Error ? error.message : 'failed');
  }
}

function refuse(request: IncomingMessage, response: ServerResponse): void {
  const problem = new Problem('overloaded', { parameters: { seconds: 1 } });
  const document = toProblemDocument(problem, pickLanguage(request.headers['accept-language']));
  response
    .writeHead(problem.status, { 'content-type': 'application/problem+json', 'retry-after': '1' })
    .end(JSON.stringify(document));
}
