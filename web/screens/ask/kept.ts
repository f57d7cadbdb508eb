/** What must survive a reload of the page, and no longer than its tab: drafts, and questions whose answers are on their way. */

/** Where a question that begins a conversation is kept. */
export const NEW = 'new';

/** A question that was asked under a key, in a conversation or as the beginning of one. */
export interface Asked {
  /** Id of the conversation, or `NEW`. */
  slot: string;
  key: string;
  question: string;
  /** Milliseconds, by the clock of the device. */
  at: number;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

const ASKED = 'pandect-asked';
const draftKey = (slot: string) => `pandect-draft-${slot}`;
/** The server forgets keys after a day. */
const LONGEST_MS = 20 * 3_600_000;

export function createKept(storage: Storage) {
  const read = (): Asked[] => {
    try {
      const list: unknown = JSON.parse(storage.getItem(ASKED) ?? '[]');
      return Array.isArray(list) ? list.filter(isAsked) : [];
    } catch {
      return [];
    }
  };
  /** Storage may be full or switched off: then a reload loses it, and nothing else happens. */
  const write = (key: string, value: string) => {
    try {
      if (value === '') storage.removeItem(key);
      else storage.setItem(key, value);
    } catch {
      // As above
    }
  };
  const save = (list: Asked[]) => write(ASKED, list.length === 0 ? '' : JSON.stringify(list));
  return {
    asked: (now: number): Asked[] => read().filter(({ at }) => Math.abs(now - at) < LONGEST_MS),
    keep: (asked: Asked) => save([...read().filter(({ slot }) => slot !== asked.slot), asked]),
    forget: (key: string) => save(read().filter((asked) => asked.key !== key)),
    draft: (slot: string): string => storage.getItem(draftKey(slot)) ?? '',
    keepDraft: (slot: string, text: string) => write(draftKey(slot), text),
  };
}

export type Kept = ReturnType<typeof createKept>;

const isAsked = (value: unknown): value is Asked => {
  const { slot, key, question, at } = (value ?? {}) as Partial<Asked>;
  return [slot, key, question].every((text) => typeof text === 'string' && text !== '') && Number.isFinite(at);
};
