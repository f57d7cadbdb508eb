import type { ParseFailureCode } from '../reading/contract.ts';

/** Why a document could not be read, as its uploader is told. */
export type DocumentFailure = ParseFailureCode | 'unavailable';

declare module '../../../platform/capabilities/outbox/contract.ts' {
  interface NotificationParameters {
    /** `explanation` is the reason in words, in the reader's language. */
    'document-failed': { title: string; reason: DocumentFailure; explanation: string };
  }
}
