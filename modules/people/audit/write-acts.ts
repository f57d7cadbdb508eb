import { csvCell } from './csv-cell.ts';
import type { ActRow } from './read-acts.ts';

export const actFormats = ['jsonl', 'csv'] as const;
export type ActFormat = (typeof actFormats)[number];

export const actMediaTypes: Readonly<Record<ActFormat, string>> = {
  jsonl: 'application/jsonl',
  csv: 'text/csv; charset=utf-8; header=present',
};

const columns = [
  'createdAt',
  'organizationId',
  'actorId',
  'actor',
  'action',
  'target',
  'details',
  'address',
  'id',
] as const;

/** Acts as text, a line each, which none of their values breaks; written as fast as it is read. */
export function streamActs(pages: AsyncIterable<ActRow[]>, format: ActFormat): ReadableStream<Uint8Array<ArrayBuffer>> {
  const lines = writeActs(pages, format);
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await lines.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await lines.return();
    },
  });
}

async function* writeActs(pages: AsyncIterable<ActRow[]>, format: ActFormat): AsyncGenerator<string, void> {
  if (format === 'csv') yield `${columns.join(',')}\r\n`;
  for await (const page of pages) yield page.map(writers[format]).join('');
}

const writers: Record<ActFormat, (act: ActRow) => string> = {
  jsonl: (act) => `${JSON.stringify(Object.fromEntries(columns.map((column) => [column, act[column]])))}\n`,
  csv: (act) => `${columns.map((column) => csvCell(oneLine(textOf(act[column])))).join(',')}\r\n`,
};

const oneLine = (text: string): string => text.replaceAll(/[\r\n]+/g, ' ');

function textOf(value: ActRow[keyof ActRow]): string {
  if (value === null) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : value;
}
