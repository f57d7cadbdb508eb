/**
 * An immutable build of a unit: its code and its manifest, of which the id is a digest. Settings are no part of it: every
 * process is started with those of now, so that a rollback brings no old password back.
 */
export interface Release {
  id: string;
  unit: string;
  folder: string;
  entry: string;
}

/**
 * built → canary or preview → serving → kept, from which a rollback makes it serving again; serving → given-up when it
 * fails while it is watched. Of the kept and given-up ones the oldest are removed.
 */
export const releaseStates = ['built', 'preview', 'canary', 'serving', 'kept', 'given-up'] as const;
export type ReleaseState = (typeof releaseStates)[number];
