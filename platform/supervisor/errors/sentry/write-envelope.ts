import { randomUUID } from 'node:crypto';
import type { ErrorGroup } from '../error-groups.ts';
import type { FoundError } from '../read-error.ts';

/** What is the same in all events of a platform. */
export interface Sender {
  /** Of the platform. */
  version: string;
  environment: string;
  /** Name of the host. */
  server: string;
}

/** Why events were not sent, in Sentry's words. */
export type DiscardReason = 'sample_rate' | 'queue_overflow' | 'ratelimit_backoff' | 'network_error' | 'send_error';

/** An event of Sentry's schema, of what `readError` has left; nothing that identifies a person or a request is in it. */
export function toEvent(
  error: FoundError,
  group: ErrorGroup,
  similar: number,
  { version, environment, server }: Sender,
) {
  const { unit, name, type, frames, release, at, isFatal, example } = error;
  return {
    event_id: randomUUID().replaceAll('-', ''),
    timestamp: Date.parse(at) / 1_000,
    platform: 'node',
    level: isFatal ? 'fatal' : 'error',
    logger: unit,
    server_name: server,
    release: release === undefined ? `pandect@${version}` : `${unit}@${release}`,
    environment,
    fingerprint: [unit, name, group.place],
    tags: { unit, error: name, version },
    extra: { total: group.total, first_seen: group.firstSeen, similar_since_last_event: similar },
    exception: {
      values: [
        {
          type,
          value: example,
          mechanism: { type: 'generic', handled: !isFatal },
          ...(frames.length > 0 && {
            stacktrace: {
              // The caller first.
              frames: frames.toReversed().map(({ name: called, file, line, isOwn }) => ({
                ...{ function: called, filename: file, lineno: line, in_app: isOwn },
              })),
            },
          }),
        },
      ],
    },
    // The server is not to store the address that the request came from.
    sdk: { name: 'pandect', version, settings: { infer_ip: 'never' } },
  };
}
export type SentryEvent = ReturnType<typeof toEvent>;

/** One event, and how many were not sent since the last envelope. */
export function writeEnvelope(event: SentryEvent, discarded: ReadonlyMap<DiscardReason, number>, now: Date): Buffer {
  const { name, version } = event.sdk;
  const lines = [
    JSON.stringify({ event_id: event.event_id, sent_at: now.toISOString(), sdk: { name, version } }),
    ...item('event', event),
  ];
  if (discarded.size > 0) {
    const reasons = Array.from(discarded, ([reason, quantity]) => ({ reason, category: 'error', quantity }));
    lines.push(...item('client_report', { timestamp: now.toISOString(), discarded_events: reasons }));
  }
  return Buffer.from(`${lines.join('\n')}\n`);
}

function item(type: string, content: object): [header: string, payload: string] {
  const payload = JSON.stringify(content);
  return [JSON.stringify({ type, content_type: 'application/json', length: Buffer.byteLength(payload) }), payload];
}
