import type { Schemas, Upload, UploadStatus } from '@pandect/client';

type Document = Schemas['Document'];

/** A file on its way, from the person's choice until its document is read. */
export interface Entry {
  readonly id: number;
  readonly file: File;
  /** With the folders that it was found in, such as `Leases/2026/lease.pdf`. */
  readonly path: string;
  readonly replaces?: string;
  /** Undefined while it waits for its turn. */
  readonly upload?: UploadStatus;
  /** The device has no network: it is sent on when that is back. */
  readonly isHeld?: boolean;
  /** Once it is stored: what it became, as far as that is known. */
  readonly document?: Document;
}

/** Where an entry stands, in one word. */
export type EntryState =
  | 'waiting'
  | 'sending'
  | 'lost'
  | 'paused'
  | 'stored'
  | 'duplicate'
  | 'reading'
  | 'stalled'
  | 'ready'
  | 'failed';

export function stateOf({ upload, document, isHeld }: Entry): EntryState {
  if (!upload) return 'waiting';
  if (upload.state === 'failed' || upload.state === 'cancelled') return 'failed';
  if (upload.state === 'paused' && isHeld) return 'lost';
  if (upload.state !== 'done') return upload.state;
  if (upload.document?.duplicate) return 'duplicate';
  if (!document) return 'stored';
  if (document.status === 'failed') return 'failed';
  if (document.status === 'ready' || document.status === 'replaced') return 'ready';
  if (document.stalled) return 'stalled';
  return document.status === 'processing' ? 'reading' : 'stored';
}

const unsent = new Set<EntryState>(['waiting', 'sending', 'lost', 'paused']);
const settled = new Set<EntryState>(['duplicate', 'ready', 'failed']);

/** Whether bytes of it are still only on this device. */
export const isUnsent = (entry: Entry): boolean => unsent.has(stateOf(entry));
/** Whether nothing more becomes of it by itself. */
export const isSettled = (entry: Entry): boolean => settled.has(stateOf(entry));

export interface FoundFile {
  file: File;
  path: string;
}

export interface UploadQueue {
  /** Another array after each change, in the order of choice. */
  readonly entries: readonly Entry[];
  subscribe(changed: () => void): () => void;
  add(files: readonly FoundFile[], replaces?: string): void;
  /** The device has lost its network, or has it again: a request that hangs would not tell. */
  setOnline(isOnline: boolean): void;
  /** Sends a file again whose upload has failed. */
  retry(id: number): void;
  /** Takes an entry off the list; one that is not sent yet is given up. */
  remove(id: number): void;
  /** Takes all off the list of which nothing more becomes but those that have failed. */
  clear(): void;
  /** What is known of documents: entries that became them show it. */
  note(documents: readonly Document[]): void;
  /** Ids of documents that are stored and not yet read, as far as is known. */
  unread(): string[];
}

/** Uploads at once. */
const LANES = 3;

/** @param start begins the upload of a file */
export function createUploadQueue(
  start: (file: File, options: { name: string; replaces?: string }) => Upload,
): UploadQueue {
  let entries: readonly Entry[] = [];
  let lastId = 0;
  const uploads = new Map<number, Upload>();
  const followers = new Set<() => void>();

  const set = (next: readonly Entry[]) => {
    entries = next;
    for (const follower of [...followers]) follower();
  };
  const change = (id: number, changes: Partial<Entry>) =>
    set(entries.map((entry) => (entry.id === id ? { ...entry, ...changes } : entry)));
  const fill = () => {
    // A file that waits for the network keeps its lane: the others would wait for the same.
    const busy = entries.filter((entry) => entry.upload && isUnsent(entry)).length;
    const next = entries.filter((entry) => !entry.upload).slice(0, Math.max(0, LANES - busy));
    for (const entry of next) begin(entry);
  };
  const begin = ({ id, file, path, replaces }: Entry) => {
    const upload = start(file, { name: path, ...(replaces !== undefined && { replaces }) });
    uploads.set(id, upload);
    const follow = () => {
      change(id, { upload: upload.status });
      if (!['sending', 'lost', 'paused'].includes(upload.status.state)) fill();
    };
    upload.subscribe(follow);
    change(id, { upload: upload.status });
  };

  return {
    get entries() {
      return entries;
    },
    subscribe(changed) {
      followers.add(changed);
      return () => followers.delete(changed);
    },
    add(files, replaces) {
      const added = files.map(({ file, path }): Entry => {
        lastId += 1;
        return { id: lastId, file, path, ...(replaces !== undefined && { replaces }) };
      });
      set([...entries, ...added]);
      fill();
    },
    setOnline(isOnline) {
      const wanted = isOnline ? ({ isHeld }: Entry) => isHeld : ({ upload }: Entry) => upload?.state === 'sending';
      for (const entry of entries.filter(wanted)) {
        change(entry.id, { isHeld: !isOnline });
        if (isOnline) uploads.get(entry.id)?.resume();
        else uploads.get(entry.id)?.pause();
      }
    },
    retry(id) {
      uploads.get(id)?.resume();
    },
    remove(id) {
      const upload = uploads.get(id);
      uploads.delete(id);
      set(entries.filter((entry) => entry.id !== id));
      upload?.cancel();
      fill();
    },
    clear() {
      const kept = entries.filter((entry) => !isSettled(entry) || stateOf(entry) === 'failed');
      for (const { id } of entries) if (!kept.some((entry) => entry.id === id)) uploads.delete(id);
      set(kept);
    },
    note(documents) {
      const known = new Map(documents.map((document) => [document.id, document]));
      let isNew = false;
      const next = entries.map((entry) => {
        const document = known.get(entry.upload?.document?.documentId ?? '');
        if (!document || document.updatedAt < (entry.document?.updatedAt ?? '')) return entry;
        isNew = true;
        return { ...entry, document };
      });
      if (isNew) set(next);
    },
    unread: () =>
      entries.flatMap((entry) => {
        const id = entry.upload?.document?.documentId;
        // Of a duplicate its title is wanted, once.
        const isWanted = stateOf(entry) === 'duplicate' ? !entry.document : !isSettled(entry);
        return id !== undefined && isWanted ? [id] : [];
      }),
  };
}
