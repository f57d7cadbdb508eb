import { daysBefore } from '../../../db/remove-before.ts';
import { defineProvider } from '../../../platform/runtime/boot.ts';
import { usageKeptSince } from '../../commerce/metering/index.ts';
import { USAGE_RETENTION_DAYS } from '../../commerce/variables.ts';
import { AUDIT_RETENTION_DAYS } from '../../people/variables.ts';
import { CONVERSATION_RETENTION_DAYS, REPLACED_RETENTION_DAYS } from '../variables.ts';

export const retentionKinds = ['audit', 'conversations', 'replaced', 'usage'] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** Days that each is kept; undefined keeps all. */
export type Retention = Readonly<Record<RetentionKind, number | undefined>>;

export const retention = defineProvider(
  [AUDIT_RETENTION_DAYS, CONVERSATION_RETENTION_DAYS, REPLACED_RETENTION_DAYS, USAGE_RETENTION_DAYS],
  (_, settings): Retention => ({
    audit: settings.AUDIT_RETENTION_DAYS,
    conversations: settings.CONVERSATION_RETENTION_DAYS,
    replaced: settings.REPLACED_RETENTION_DAYS,
    usage: settings.USAGE_RETENTION_DAYS,
  }),
);

export const retentionVariables: Readonly<Record<RetentionKind, string>> = {
  audit: AUDIT_RETENTION_DAYS.name,
  conversations: CONVERSATION_RETENTION_DAYS.name,
  replaced: REPLACED_RETENTION_DAYS.name,
  usage: USAGE_RETENTION_DAYS.name,
};

/** What is older is removed; undefined keeps all. Usage goes by whole months, whose sums stay. */
export const keptSince = (days: Retention, now: Date): Record<RetentionKind, Date | undefined> => ({
  audit: daysBefore(now, days.audit),
  conversations: daysBefore(now, days.conversations),
  replaced: daysBefore(now, days.replaced),
  usage: days.usage === undefined ? undefined : usageKeptSince(days.usage, now),
});
