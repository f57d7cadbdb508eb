import type { Changes } from '../../../platform/capabilities/feed/index.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { Image } from '../image.ts';

/** What a session needs of the rest of the service. */
export interface Desk {
  /**
   * Who sent a token or a key.
   * @returns until when it is good; undefined for a key, which is good until it is revoked
   * @throws Problem unauthenticated, not-found
   */
  admit(token: string): Promise<{ caller: Caller; until?: Date }>;
  /** A place among the sockets of a person; undefined when all are taken. */
  takeSeat(userId: string): (() => void) | undefined;
  subscribe(id: string): Promise<Changes>;
  /** @throws Problem not-found */
  read(caller: Caller, id: string): Promise<Image>;
  /** @throws Problem not-found */
  cancel(caller: Caller, id: string): Promise<Image>;
}
