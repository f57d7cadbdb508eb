import type { Client } from '@pandect/client';
import {
  GlobalWorkerOptions,
  getDocument,
  PDFDataRangeTransport,
  type PDFDocumentProxy,
  VerbosityLevel,
} from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { pageSize } from './draw-page.ts';
import type { PageSize } from './page-offsets.ts';

/*
 * PDF files by ranges, so that the quoted page of a long file is there before the rest, and the rest only if somebody turns to
 * it. Requests go through the client, which renews the session while a file is read.
 */

const FIRST_BYTES = 512 * 1024;
const RANGE_BYTES = 512 * 1024;
const ATTEMPTS = 3;
const RETRY_MS = 500;

interface ScriptPolicy {
  createScriptURL(url: string): string;
}

declare global {
  interface Window {
    trustedTypes?: { createPolicy(name: string, rules: Partial<ScriptPolicy>): ScriptPolicy };
  }
}

/** Begins to load what reads PDFs. Without a worker of our own, PDF.js would read files in the page itself, and not say so. */
export function startReader(): void {
  if (GlobalWorkerOptions.workerPort) return;
  const own = (url: string) => {
    if (new URL(url, location.href).origin !== location.origin) throw new TypeError('Start worker: foreign address');
    return url;
  };
  const policy = window.trustedTypes?.createPolicy('pandect', { createScriptURL: own });
  const url = policy ? policy.createScriptURL(workerUrl) : workerUrl;
  GlobalWorkerOptions.workerPort = new Worker(url, { type: 'module' });
}

export interface OpenPdf {
  pdf: PDFDocumentProxy;
  /** Of the first page. */
  firstSize: PageSize;
  close(): void;
}

/** A4, for a file whose first page cannot be read: no reason not to show the others. */
const USUAL_SIZE: PageSize = { width: 595, height: 842 };

/** @throws ProblemError, NetworkError, and what PDF.js throws for a damaged file */
export async function openPdf(client: Client, documentId: string, signal: AbortSignal): Promise<OpenPdf> {
  startReader();
  const read = (first: number, end: number) =>
    client.fetch(`/api/documents/${documentId}/content`, {
      headers: { range: `bytes=${first}-${end - 1}` },
      signal,
    });
  const response = await read(0, FIRST_BYTES);
  if (!response.ok) throw new Error(`Read PDF: ${response.status}`);
  const data = new Uint8Array(await response.arrayBuffer());
  const size = sizeOf(response) ?? data.length;
  const options = { BinaryDataFactory: SuppliedData, useWorkerFetch: false, verbosity: VerbosityLevel.ERRORS };
  const task =
    size <= data.length
      ? getDocument({ ...options, data })
      : getDocument({
          ...options,
          range: new Ranges(size, data, read, signal, () => task.destroy()),
          rangeChunkSize: RANGE_BYTES,
          disableAutoFetch: true,
          disableStream: true,
        });
  const close = () => void task.destroy();
  signal.addEventListener('abort', close, { once: true });
  const pdf = await task.promise;
  return { pdf, firstSize: await pageSize(pdf, 1, 0).catch(() => USUAL_SIZE), close };
}

/** The size of the whole file, of a response that is a part of it. */
function sizeOf({ status, headers }: Response): number | undefined {
  const size = status === 206 ? /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1] : undefined;
  return size === undefined ? undefined : Number(size);
}

class Ranges extends PDFDataRangeTransport {
  readonly #read: (first: number, end: number) => Promise<Response>;
  readonly #signal: AbortSignal;
  readonly #giveUp: () => void;

  constructor(
    size: number,
    data: Uint8Array<ArrayBuffer>,
    read: (first: number, end: number) => Promise<Response>,
    signal: AbortSignal,
    giveUp: () => void,
  ) {
    super(size, data);
    this.#read = read;
    this.#signal = signal;
    this.#giveUp = giveUp;
  }

  override async requestDataRange(begin: number, end: number): Promise<void> {
    for (let attempt = 1; !this.#signal.aborted; attempt += 1) {
      try {
        const response = await this.#read(begin, end);
        if (response.status !== 206) throw new Error(`Read PDF: ${response.status}`);
        this.onDataRange(begin, new Uint8Array(await response.arrayBuffer()));
        return;
      } catch {
        // PDF.js would wait for this range for ever.
        if (attempt === ATTEMPTS) return this.#giveUp();
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS * attempt));
      }
    }
  }
}

/** Stands in for the factory of PDF.js that joins a folder's address and a name: our assets have digests in their names. */
class SuppliedData {
  async fetch({ filename }: { kind: string; filename: string }): Promise<Uint8Array> {
    const { suppliedFiles } = await import('./supplied-data.ts');
    const address = suppliedFiles.get(filename);
    const response = address === undefined ? undefined : await fetch(address);
    if (!response?.ok) throw new Error(`Read PDF: no file "${filename}"`);
    return new Uint8Array(await response.arrayBuffer());
  }
}
