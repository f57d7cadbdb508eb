import { words } from '../../platform/runtime/http/operation.ts';

/** A field of changes. */
export const reasonField = {
  reason: words(500).optional().openapi({ description: 'Why it is changed; kept in the audit log' }),
};

/** What an act says of it; nothing where no reason was given. */
export const reasonDetails = (reason: string | undefined) => (reason === undefined ? {} : { reason });
