import type { Authorization } from './authorization.ts';
import { failureOf } from './problem.ts';

/** Sends a request as it is. @throws NetworkError, or the reason of its signal */
export type Send = (request: Request) => Promise<Response>;

/** @param language of problems, letters and names of things, such as `ru`; what the browser sends unless given */
export function createSend(
  fetch: typeof globalThis.fetch,
  hear: (response: Response) => void,
  language?: () => string | undefined,
): Send {
  return async (request) => {
    const wanted = language?.();
    if (wanted) request.headers.set('accept-language', wanted);
    try {
      const response = await fetch(request);
      hear(response);
      return response;
    } catch (error) {
      throw failureOf(error, request.signal);
    }
  };
}

/** Operations that sign in or need no session: a session that has ended must not keep anybody from them. */
const open = /^\/api\/(auth\/(?!change-password$|resend-confirmation$)|setup$)/;

interface Senders {
  send: Send;
  /** For operations that sign in. */
  sendOpen: Send;
}

/** Sends a request as the person who is signed in. One that is refused with 401 is repeated with another token, if there is one. */
export function createAuthorizedSend({ send, sendOpen }: Senders, authorization: Authorization): Send {
  const sendWith = (request: Request, token: string | undefined) => {
    const copy = request.clone();
    if (token) copy.headers.set('authorization', `Bearer ${token}`);
    return send(copy);
  };
  return async (request) => {
    if (open.test(new URL(request.url).pathname)) return sendOpen(request);
    const token = await authorization.first();
    const response = await sendWith(request, token);
    const next = response.status === 401 ? await authorization.next(token) : undefined;
    if (!next) return response;
    await response.body?.cancel();
    return sendWith(request, next);
  };
}
