/**
 * What must survive a reload of the page, and no longer than its tab: drafts, the documents chosen for answers, and questions whose answers
 * are on their way.
 */

/** Where a question that begins a conversation is kept. */
export const NEW = 'new';

/** A document that answers may come from; without any, they come from all. */
export interface ChosenDocument {
  id: string;
  title: string;
}

/** A question that was asked under a key, in a conversation or as the beginning of one. */
export interface Asked {
  /** Id of the conversation, or `NEW`. */
  slot: string;
  key: string;
  question: string;
  /** None: all. */
  documents?: readonly ChosenDocument[];
  /** Milliseconds, by the clock of the device. */
  at: number;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

const ASKED = 'pandect-asked';
const draftKey = (slot: string) => `pandect-draft-${slot}`;
const chosenKey = (slot: string) => `pandect-chosen-${slot}`;
/** The server forgets keys after a day. */
const LONGEST_MS = 20 * 3_600_000;

export function createKept(storage: Storage) {
  const readList = <Item>(key: string, isItem: (value: unknown) => value is Item): Item[] => {
    try {
      const list: unknown = JSON.parse(storage.getItem(key) ?? '[]');
      return Array.isArray(list) ? list.filter(isItem) : [];
    } catch {
      return [];
    }
  };
  const read = () => readList(ASKED, isAsked);
  /** Storage may be full or switched off: then a reload loses it, and nothing else happens. */
  const write = (key: string, value: string) => {
    try {
      if (value === '') storage.removeItem(key);
      else storage.setItem(key, value);
    } catch {
      // As above
    }
  };
  const writeList = (key: string, list: readonly object[]) => write(key, list.length === 0 ? '' : JSON.stringify(list));
  const save = (list: Asked[]) => writeList(ASKED, list);
  const move = (from: string, to: string) => {
    write(to, storage.getItem(from) ?? '');
    write(from, '');
  };
  return {
    asked: (now: number): Asked[] => read().filter(({ at }) => Math.abs(now - at) < LONGEST_MS),
    keep: (asked: Asked) => save([...read().filter(({ slot }) => slot !== asked.slot), asked]),
    forget: (key: string) => save(read().filter((asked) => asked.key !== key)),
    draft: (slot: string): string => storage.getItem(draftKey(slot)) ?? '',
    keepDraft: (slot: string, text: string) => write(draftKey(slot), text),
    chosen: (slot: string): readonly ChosenDocument[] => readList(chosenKey(slot), isChosen),
    keepChosen: (slot: string, documents: readonly ChosenDocument[]) => writeList(chosenKey(slot), documents),
    /** A conversation has begun: what was typed and chosen while its first answer came belongs to it. */
    begin(id: string) {
      move(draftKey(NEW), draftKey(id));
      move(chosenKey(NEW), chosenKey(id));
    },
  };
}

export type Kept = ReturnType<typeof createKept>;

const areTexts = (...values: unknown[]) => values.every((text) => typeof text === 'string' && text !== '');

const isAsked = (value: unknown): value is Asked => {
  const { slot, key, question, documents, at } = (value ?? {}) as Partial<Asked>;
  const isKnown = documents === undefined || (Array.isArray(documents) && documents.every(isChosen));
  return areTexts(slot, key, question) && isKnown && Number.isFinite(at);
};

const isChosen = (value: unknown): value is ChosenDocument => {
  const { id, title } = (value ?? {}) as Partial<ChosenDocument>;
  return areTexts(id, title);
};
