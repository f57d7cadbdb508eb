import type { Client } from '@pandect/client';
import { useEffect, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { type OpenPdf, openPdf } from './reader.ts';

/** Files that stay open, for the way back to a citation: the one that is shown, and the last ones before it. */
const MOST_OPEN = 3;

interface Entry {
  opening: Promise<OpenPdf>;
  abort: AbortController;
}

const open = new WeakMap<Client, Map<string, Entry>>();

function opened(client: Client, documentId: string): Promise<OpenPdf> {
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
  entries.set(documentId, { opening, abort });
  opening.catch(() => entries.delete(documentId));
  for (const [id, entry] of entries) {
    if (entries.size <= MOST_OPEN) break;
    entry.abort.abort();
    entries.delete(id);
  }
  return opening;
}

export interface PdfState {
  pdf?: OpenPdf['pdf'];
  /** It could not be opened. */
  error?: unknown;
}

export function usePdf(documentId: string): PdfState {
  const client = useClient();
  const [state, setState] = useState<PdfState & { id?: string }>({});
  useEffect(() => {
    let isCurrent = true;
    const show = (next: PdfState) => isCurrent && setState({ ...next, id: documentId });
    opened(client, documentId).then(
      ({ pdf }) => show({ pdf }),
      (error: unknown) => show({ error }),
    );
    return () => {
      isCurrent = false;
    };
  }, [client, documentId]);
  return state.id === documentId ? state : {};
}
