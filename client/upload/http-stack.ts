import type { HttpRequest, HttpResponse, HttpStack } from 'tus-js-client';
import type { Authorization } from '../authorization.ts';
import { problemErrorOf } from '../problem.ts';

/** Requests of the upload's library with the session of the client. One that is refused with 401 is sent again with another token. */
export const authorizedStack = (inner: HttpStack, authorization: Authorization): HttpStack => ({
  getName: () => 'Pandect',
  createRequest: (method, url) => authorizedRequest(() => inner.createRequest(method, url), authorization),
});

function authorizedRequest(create: () => HttpRequest, authorization: Authorization): HttpRequest {
  const headers = new Map<string, string>();
  let current = create();
  let isAborted = false;
  let progress: ((bytesSent: number) => void) | undefined;

  const sendWith = (token: string | undefined, body: unknown): Promise<HttpResponse> => {
    if (isAborted) throw new Error('Aborted');
    for (const [name, value] of headers) current.setHeader(name, value);
    if (token) current.setHeader('Authorization', `Bearer ${token}`);
    if (progress) current.setProgressHandler(progress);
    return current.send(body);
  };
  return {
    getMethod: () => current.getMethod(),
    getURL: () => current.getURL(),
    setHeader: (name, value) => void headers.set(name, value),
    getHeader: (name) => headers.get(name),
    setProgressHandler(handler) {
      progress = handler;
    },
    async send(body) {
      const token = await authorization.first();
      let response = await sendWith(token, body);
      const next = response.getStatus() === 401 ? await authorization.next(token) : undefined;
      if (next) {
        current = create();
        response = await sendWith(next, body);
      }
      refuseToBeginAgain(current.getMethod(), response);
      return response;
    },
    async abort() {
      isAborted = true;
      await current.abort();
    },
    getUnderlyingObject: () => current.getUnderlyingObject(),
  };
}

/** The library begins a file again from its first byte when it cannot learn how far it is, and be it for a server that restarts. */
function refuseToBeginAgain(method: string, response: HttpResponse): void {
  const status = response.getStatus();
  const isKnown = (status >= 200 && status < 300) || status === 404 || status === 410;
  if (method !== 'HEAD' || isKnown) return;
  throw problemErrorOf({ status, retryAfter: response.getHeader('Retry-After'), body: '' });
}
