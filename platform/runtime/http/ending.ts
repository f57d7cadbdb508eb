import type { ServerResponse } from 'node:http';

const endings = new WeakMap<ServerResponse, () => void>();

/**
 * Says how a stream of events ends whose time is over because its process is replaced; otherwise it simply ends, as clients
 * that connect again on their own expect it. Called once; `end` must end the response.
 */
export const onReplaced = (response: ServerResponse, end: () => void): void => void endings.set(response, end);

/** Ends a stream of events whose process is replaced. */
export function endReplaced(response: ServerResponse): void {
  const end = endings.get(response);
  endings.delete(response);
  if (end) end();
  else response.end();
}
