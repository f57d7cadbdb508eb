import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';

const span = z.tuple([z.int().nonnegative(), z.int().positive()]);

const querySchema = z.object({
  id: z.string(),
  lang: z.enum(['en', 'ru']),
  qtype: z.string(),
  query: z.string(),
  document_id: z.string().nullable(),
  spans: z.array(span),
  also_relevant: z.array(z.string()).optional(),
});

/** A question with the stretches of one document that answer it; none when nothing in the set does. */
export interface Query {
  id: string;
  language: 'en' | 'ru';
  kind: string;
  text: string;
  documentId: string | null;
  /** `[start, end)` in the document's text, in UTF-16 code units, in order. */
  spans: [number, number][];
  /** Every document that is a right one. */
  relevant: ReadonlySet<string>;
}

export interface DataSet {
  directory: string;
  documents: { id: string; text: string }[];
  answerable: Query[];
  unanswerable: Query[];
}

/**
 * Reads a set: `documents.jsonl`, `queries.jsonl`, `unanswerable.jsonl` and `corpus/<id>.txt`.
 * @throws when a file is missing or a line is not of its shape
 */
export async function readDataSet(directory: string): Promise<DataSet> {
  const ids = await readLines(join(directory, 'documents.jsonl'), z.object({ id: z.string() }));
  const documents: DataSet['documents'] = [];
  for (const { id } of ids)
    documents.push({ id, text: await readFile(join(directory, 'corpus', `${id}.txt`), 'utf8') });
  const queries = async (file: string) => (await readLines(join(directory, file), querySchema)).map(toQuery);
  return {
    directory,
    documents,
    answerable: await queries('queries.jsonl'),
    unanswerable: await queries('unanswerable.jsonl'),
  };
}

function toQuery({
  id,
  lang,
  qtype,
  query,
  document_id,
  spans,
  also_relevant = [],
}: z.output<typeof querySchema>): Query {
  const relevant = new Set(document_id === null ? also_relevant : [document_id, ...also_relevant]);
  return { id, language: lang, kind: qtype, text: query, documentId: document_id, spans, relevant };
}

async function readLines<T>(file: string, schema: z.ZodType<T>): Promise<T[]> {
  const read: T[] = [];
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (line === '') continue;
    const parsed = schema.safeParse(JSON.parse(line));
    if (!parsed.success) throw new Error(`Read "${file}", line ${read.length + 1}: ${z.prettifyError(parsed.error)}`);
    read.push(parsed.data);
  }
  return read;
}
