import type { OwnSession } from './session/session.ts';

/** The tokens of requests, whatever sends them. */
export interface Authorization {
  first(): Promise<string | undefined>;
  /**
   * What to repeat a request with that was refused with 401, once: the token ended early, or the device slept. When the session has
   * ended, the person may sign in again in between. Undefined when there is nothing else to try.
   */
  next(refused: string | undefined): Promise<string | undefined>;
}

/** @param onSignedOut asks the person to sign in again, and says whether that was done */
export function createAuthorization(session: OwnSession, onSignedOut?: () => unknown): Authorization {
  let asked: Promise<boolean> | undefined;
  /** All requests that find the session ended wait for one answer. */
  const signInAgain = () => {
    asked ??= Promise.resolve(onSignedOut?.())
      .then((isBack) => isBack === true)
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
  return {
    first: () => session.accessToken(),
    async next(refused) {
      const renewed = refused === undefined ? undefined : await session.renew(refused);
      if (renewed) return renewed;
      const isBack = session.state === 'expired' && (await signInAgain());
      return isBack ? session.accessToken() : undefined;
    },
  };
}
