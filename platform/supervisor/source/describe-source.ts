import { readSourceRecord, type SourceRecord } from './source-record.ts';
import { sourceRevision } from './source-revision.ts';

/** `pushed 2026-11-30 12:00 UTC by anna, revision 1a2b3c4d5e`. */
export const describeSource = ({ at, by, revision }: SourceRecord): string =>
  [`pushed ${minute(at)}${by === undefined ? '' : ` by ${by}`}`, ...ofRevision(revision)].join(', ');

/** `the platform's own source, an image of 2026-11-30 12:00 UTC, revision 1a2b3c4d5e`. @param checkout what the supervisor runs from */
export async function describeOwn(checkout: string): Promise<string> {
  const image = await readSourceRecord(checkout).catch(() => undefined);
  const revision = await sourceRevision(checkout);
  return [
    "the platform's own source",
    ...(image ? [`an image of ${minute(image.at)}`] : []),
    ...ofRevision(revision),
  ].join(', ');
}

const minute = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`;
const ofRevision = (revision: string | undefined): string[] => (revision === undefined ? [] : [`revision ${revision}`]);
