import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem, pickLanguage, toProblemDocument } from '../../kernel/problem.ts';

export type RefusalName = 'overloaded' | 'unavailable';

/** Answers a request that reaches no instance: a problem document with `Retry-After`, and the end of its connection. */
export function refuse(request: IncomingMessage, response: ServerResponse, name: RefusalName, seconds: number): void {
  if (response.headersSent || response.destroyed) return;
  const problem = new Problem(name, { parameters: { seconds } });
  const body = JSON.stringify(toProblemDocument(problem, pickLanguage(request.headers['accept-language'])));
  response
    .writeHead(problem.status, {
      'content-type': 'application/problem+json',
      'content-length': Buffer.byteLength(body),
      'retry-after': String(seconds),
      connection: 'close',
    })
    .end(body);
}
