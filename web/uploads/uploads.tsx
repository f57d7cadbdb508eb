import type { DocumentEvent } from '@pandect/client';
import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  use,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { useClient } from '../app/client.tsx';
import { isAtLeast, useMe } from '../app/me.ts';
import { createDocumentFollower, type DocumentFollower } from './document-events.ts';
import { DropTarget } from './drop-target.tsx';
import { createUploadQueue, type Entry, type FoundFile, isUnsent, type UploadQueue } from './queue.ts';

const UploadPanel = lazy(() => import('./upload-panel.tsx'));

interface Uploads {
  queue: UploadQueue;
  follower: DocumentFollower;
  /** Whether the person's role includes uploads; undefined while that is not known. */
  mayUpload: boolean | undefined;
  /** Begins to upload, and shows the queue. @param replaces the document that the file is a new version of */
  add(files: readonly FoundFile[], replaces?: string): void;
}

const Current = createContext<Uploads | undefined>(undefined);

export function useUploads(): Uploads {
  const uploads = use(Current);
  if (!uploads) throw new Error('Use uploads: the component is outside of UploadsProvider');
  return uploads;
}

/** Hears of changes of documents while the component is there. */
export function useDocumentEvents(hear: (event: DocumentEvent) => void): void {
  const { follower } = useUploads();
  const latest = useRef(hear);
  latest.current = hear;
  useEffect(() => follower.subscribe((event) => latest.current(event)), [follower]);
}

export const useEntries = (queue: UploadQueue): readonly Entry[] =>
  useSyncExternalStore(queue.subscribe, () => queue.entries);

/** Keeps uploads going while the person walks through the app, and takes files that are dropped or pasted anywhere in it. */
export function UploadsProvider({ children }: { children: ReactNode }) {
  const client = useClient();
  const me = useMe();
  const [queue] = useState(() => createUploadQueue((file, options) => client.upload(file, options)));
  const [follower] = useState(() => createDocumentFollower((signal) => client.followDocuments(signal)));
  const [open, setOpen] = useState(false);
  const mayUpload = me && isAtLeast(me.role, 'member');
  const entries = useEntries(queue);
  useEffect(() => followEntries(queue, follower, client), [queue, follower, client]);
  useLeaveQuestion(entries.some(isUnsent));
  useEffect(() => {
    const tell = () => queue.setOnline(navigator.onLine);
    window.addEventListener('online', tell);
    window.addEventListener('offline', tell);
    return () => {
      window.removeEventListener('online', tell);
      window.removeEventListener('offline', tell);
    };
  }, [queue]);
  const uploads = useMemo(
    (): Uploads => ({
      ...{ queue, follower, mayUpload },
      add(files, replaces) {
        if (files.length === 0) return;
        queue.add(files, replaces);
        setOpen(true);
      },
    }),
    [queue, follower, mayUpload],
  );
  return (
    <Current value={uploads}>
      {children}
      <DropTarget mayUpload={mayUpload} onFiles={uploads.add} />
      {entries.length === 0 ? null : (
        <Suspense>
          <UploadPanel queue={queue} entries={entries} open={open} onOpen={setOpen} />
        </Suspense>
      )}
    </Current>
  );
}

/** Tells the queue what becomes of its documents, for as long as any of them is not read. */
function followEntries(queue: UploadQueue, follower: DocumentFollower, client: ReturnType<typeof useClient>) {
  const asked = new Set<string>();
  const read = async (id: string) => {
    asked.add(id);
    try {
      const { data } = await client.api.GET('/api/documents/{id}', { params: { path: { id } } });
      queue.note([data]);
    } catch {
      asked.delete(id);
    }
  };
  const hear = (event: DocumentEvent) => {
    if (event.event === 'status') queue.note([event.data]);
    if (event.event !== 'connected' && event.event !== 'list') return;
    for (const id of queue.unread()) void read(id);
  };
  let leave: (() => void) | undefined;
  const look = () => {
    const unread = queue.unread();
    for (const id of unread) if (!asked.has(id)) void read(id);
    if (unread.length > 0) leave ??= follower.subscribe(hear);
    else {
      leave?.();
      leave = undefined;
    }
  };
  const end = queue.subscribe(look);
  return () => {
    end();
    leave?.();
  };
}

/** The browser asks before the page is left with files that are not sent yet. */
function useLeaveQuestion(isSending: boolean) {
  useEffect(() => {
    if (!isSending) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isSending]);
}
