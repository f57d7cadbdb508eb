import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';

/**
 * Passes a request of the command line on to a function, and its answer back as it comes; a command that ends takes its request
 * with it. @throws HTTPException with what the function says when it refuses, and 503 when it does not answer
 */
export async function forward(c: Context, name: string, socketPath: string): Promise<Response> {
  const body = await c.req.text();
  const { pathname, search } = new URL(c.req.url);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const { signal } = c.req.raw;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ socketPath, method: c.req.method, path: pathname + search, agent: false, headers, signal }, resolve)
      .on('error', reject)
      .end(body);
  }).catch((cause: Error) => {
    throw new HTTPException(503, { message: unavailable(name, cause.message), cause });
  });
  const { statusCode: status = 502 } = answer;
  if (status === 200) {
    const type = { 'content-type': 'application/json' };
    return c.body(Readable.toWeb(answer) as ReadableStream, 200, type);
  }
  const said = messageOf(await text(answer));
  const message = status < 500 && said ? said : unavailable(name, said ?? `it answered ${status}`);
  throw new HTTPException(status as 500, { message });
}

const unavailable = (name: string, why: string) => `Ask ${name}: ${why}; pandect logs ${name} tells why`;

/** Also of a problem document, with which the runtime and the supervisor answer by themselves. */
function messageOf(said: string): string | undefined {
  try {
    const { message, detail, title } = JSON.parse(said) as Record<string, string | undefined>;
    return message ?? detail ?? title;
  } catch {
    return undefined;
  }
}
