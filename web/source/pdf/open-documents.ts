import type { Client } from '@pandect/client';
import { useEffect, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { type OpenPdf, openPdf } from './reader.ts';

/** Files that stay open, for the way back to a citation: the one that is shown, and the last ones before it. */
const MOST_OPEN = 3;

interface Entry {
  opening: Promise<OpenPdf>;
  /** Undefined until it is open. */
  opened?: OpenPdf;
  abort: AbortController;
}

const open = new WeakMap<Client, Map<string, Entry>>();

function openOnce(client: Client, documentId: string): Promise<OpenPdf> {
  const entries = open.get(client) ?? new Map<string, Entry>();
  open.set(client, entries);
  const known = entries.get(documentId);
  if (known) {
    entries.delete(documentId);
    entries.set(documentId, known);
    return known.opening;
  }
  const abort = new AbortController();
  const opening = openPdf(client, documentId, abort.signal);
  const entry: Entry = { opening, abort };
  entries.set(documentId, entry);
  opening.then(
    (opened) => {
      entry.opened = opened;
    },
    () => entries.delete(documentId),
  );
  for (const [id, { abort }] of entries) {
    if (entries.size <= MOST_OPEN) break;
    abort.abort();
    entries.delete(id);
  }
  return opening;
}

export interface PdfState {
  open?: OpenPdf;
  /** It could not be opened. */
  error?: unknown;
}

export function usePdf(documentId: string): PdfState {
  const client = useClient();
  const [state, setState] = useState<PdfState & { id?: string }>(() => {
    // On the way back to a file that is open nothing has to be waited for.
    const known = open.get(client)?.get(documentId)?.opened;
    return known ? { open: known, id: documentId } : {};
  });
  useEffect(() => {
    let isCurrent = true;
    const show = (next: PdfState) => isCurrent && setState({ ...next, id: documentId });
    openOnce(client, documentId).then(
      (opened) => show({ open: opened }),
      (error: unknown) => show({ error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, documentId]);
  return state.id === documentId ? state : {};
}
