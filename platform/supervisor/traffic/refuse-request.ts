import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem, pickLanguage, toProblemDocument } from '../../kernel/problem.ts';
import { overloaded, unavailable } from '../../kernel/problems.ts';

const refusals = { overloaded, unavailable };
export type RefusalName = keyof typeof refusals;

/** Answers a request that reaches no instance: a problem document with `Retry-After`, and the end of its connection. */
export function refuse(request: IncomingMessage, response: ServerResponse, name: RefusalName, seconds: number): void {
  if (response.headersSent || response.destroyed) return;
  const problem = new Problem(refusals[name], { parameters: { seconds } });
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
