export interface AccessToken {
  token: string;
  /** By `performance.now()`: the clock of a device may be wrong, and set while the page is open. */
  until: number;
}

/** Renewed so long before its end, so that no request arrives with one that has just ended. */
const MARGIN_MS = 30_000;

export const accessToken = (token: string, leftMs: number): AccessToken => ({
  token,
  until: performance.now() + leftMs,
});

export const isFresh = ({ until }: AccessToken): boolean => performance.now() < until - MARGIN_MS;

/** The person that a token is for. */
export function userIdOf({ token }: AccessToken): string | undefined {
  try {
    const payload = token.split('.')[1] ?? '';
    return JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))).sub;
  } catch {
    return undefined;
  }
}
