import type { documents } from '../../../db/schema/documents.ts';
import { describeDocument } from '../documents/index.ts';

type Facts = Partial<Pick<typeof documents.$inferInsert, 'description' | 'type' | 'dated'>>;

/** What a document's text tells of it, as its row keeps it. */
export const documentFacts = ({ title, fileName }: { title: string; fileName: string }, text: string): Facts => {
  const { description, type, dated } = describeDocument({ title, fileName, text });
  return { description, type, dated: dated ?? null };
};
