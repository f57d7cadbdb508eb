import { createHash } from 'node:crypto';

interface AnswerKey {
  organizationId: string;
  /** Grows whenever the organization's set of ready documents changes. */
  documentsVersion: number;
  documentIds: readonly string[] | undefined;
  /** Of the model that is asked first: its name, and which target of which route it is, at which server. */
  model: string;
  target: { route: string; target: string; server: string };
  maxTokens: number;
  language: string;
  promptVersion: string;
  question: string;
}

/**
 * Where an answer is cached. Everything the answer depends on is in the key, the organization first: another tenant's
 * entry can never be met.
 */
export function answerKey({ question, documentIds, ...rest }: AnswerKey): string {
  const scope = { ...rest, documentIds: documentIds?.toSorted(), question: normalizeQuestion(question) };
  const digest = createHash('sha256').update(JSON.stringify(scope)).digest('hex');
  return `answer:${rest.organizationId}:${digest}`;
}

/** Questions that differ only in case, spacing or the final mark have one answer. */
export const normalizeQuestion = (question: string): string =>
  question
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replace(/[\s?!.]+$/, '')
    .trim();
