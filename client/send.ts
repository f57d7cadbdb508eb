import type { Authorization } from './authorization.ts';
import { failureOf } from './problem.ts';

/** Sends a request as it is. @throws NetworkError, or the reason of its signal */
export type Send = (request: Request) => Promise<Response>;

interface Sending {
  fetch: typeof globalThis.fetch;
  /** Is given every response. */
  hear(response: Response): void;
  /** Of problems, letters and names of things, such as `ru`; what the browser sends unless given. */
  language?: (() => string | undefined) | undefined;
  /** Whether the refresh token is in a cookie: operations that answer with a session must know. */
  usesCookie: boolean;
}

export function createSend({ fetch, hear, language, usesCookie }: Sending): Send {
  return async (request) => {
    const wanted = language?.();
    if (wanted) request.headers.set('accept-language', wanted);
    if (usesCookie && signsIn.test(pathOf(request))) request.headers.set('pandect-session', 'cookie');
    try {
      const response = await fetch(request);
      hear(response);
      return response;
    } catch (error) {
      throw failureOf(error, request.signal);
    }
  };
}

const pathOf = ({ url }: Request): string => new URL(url).pathname;

const signsIn = /^\/api\/(auth\/|setup$)/;
/** Need no session: one that has ended must not keep anybody from them. */
const open = /^\/api\/(auth\/(?!change-password$|resend-confirmation$)|setup$)/;

/** Sends a request as the person who is signed in. One that is refused with 401 is repeated with another token, if there is one. */
export function createAuthorizedSend(send: Send, authorization: Authorization): Send {
  const sendWith = (request: Request, token: string | undefined) => {
    const copy = request.clone();
    if (token) copy.headers.set('authorization', `Bearer ${token}`);
    return send(copy);
  };
  return async (request) => {
    if (open.test(pathOf(request))) return send(request);
    const token = await authorization.first();
    const response = await sendWith(request, token);
    const next = response.status === 401 ? await authorization.next(token) : undefined;
    if (!next) return response;
    await response.body?.cancel();
    return sendWith(request, next);
  };
}
