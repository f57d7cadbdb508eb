/*
 * What people typed is kept in the tab's storage, so that neither a reload nor the end of a session loses it. It is shown to no other person
 * who signs in there later.
 */

const OWNER = 'pandect-drafts-owner';

/** Empties the storage unless what it has is this person's. */
export function claimDrafts(userId: string | undefined, storage: Storage = sessionStorage): void {
  if (userId === undefined) return;
  const owner = storage.getItem(OWNER);
  if (owner !== null && owner !== userId) storage.clear();
  storage.setItem(OWNER, userId);
}
