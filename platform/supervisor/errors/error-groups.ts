import { z } from 'zod';
import type { ErrorRow } from '../control/contract.ts';
import type { FoundError, Frame } from './read-error.ts';

export const HOUR_MS = 3_600_000;
/** How far back counts can be told by the hour. */
export const COUNTED_HOURS = 7 * 24;
/** A group without an error for so long is forgotten. */
const KEPT_HOURS = 30 * 24;
const MOST_GROUPS = 500;
/** A unit that fails in ever new ways does not displace the groups of the others. */
const MOST_OF_A_UNIT = 100;

export const groupSchema = z.object({
  unit: z.string(),
  name: z.string(),
  /** Function and file, the same from release to release; where there is none, what was logged. */
  place: z.string(),
  frame: z.string().nullable(),
  total: z.number(),
  firstSeen: z.string(),
  lastSeen: z.string(),
  release: z.string().nullable(),
  example: z.string(),
  /** Errors by the hour since 1970. */
  hours: z.record(z.string(), z.number()),
});
export type ErrorGroup = z.output<typeof groupSchema>;

/** Errors of the same unit, name and place, counted. */
export interface ErrorGroups {
  /** Counts an error. @returns its group */
  add(error: FoundError): ErrorGroup;
  /** Forgets hours and groups that are too old. */
  forget(now: number): void;
  readonly all: readonly ErrorGroup[];
}

export function createErrorGroups(before: readonly ErrorGroup[] = []): ErrorGroups {
  const groups = new Map(before.map((group) => [keyOf(group), group]));

  const makeRoom = (unit: string) => {
    const ofUnit = [...groups.values()].filter((group) => group.unit === unit);
    const among = ofUnit.length >= MOST_OF_A_UNIT ? ofUnit : groups.size >= MOST_GROUPS ? [...groups.values()] : [];
    const [first] = among;
    if (!first) return;
    groups.delete(keyOf(among.reduce((oldest, group) => (group.lastSeen < oldest.lastSeen ? group : oldest), first)));
  };

  return {
    add(error) {
      const { unit, name, frame, at } = error;
      const place = frame ? `${frame.name} ${frame.file}` : error.example.split(':', 1).join();
      const key = keyOf({ unit, name, place });
      const known = groups.get(key);
      if (!known) makeRoom(unit);
      const group: ErrorGroup = known ?? {
        ...{ unit, name, place, frame: null, total: 0, firstSeen: at, lastSeen: at, release: null, example: '' },
        hours: {},
      };
      group.total++;
      const hour = Math.floor(Date.parse(at) / HOUR_MS);
      group.hours[hour] = (group.hours[hour] ?? 0) + 1;
      if (at < group.firstSeen) group.firstSeen = at;
      if (at >= group.lastSeen) {
        group.lastSeen = at;
        group.release = error.release ?? group.release;
        group.frame = frame ? describeFrame(frame) : null;
        group.example = error.example;
      }
      groups.set(key, group);
      return group;
    },
    forget(now) {
      const hour = Math.floor(now / HOUR_MS);
      for (const [key, group] of groups) {
        if (Date.parse(group.lastSeen) < now - KEPT_HOURS * HOUR_MS) groups.delete(key);
        for (const counted of Object.keys(group.hours)) {
          if (Number(counted) < hour - COUNTED_HOURS) delete group.hours[counted];
        }
      }
    },
    get all() {
      return [...groups.values()];
    },
  };
}

const keyOf = ({ unit, name, place }: Pick<ErrorGroup, 'unit' | 'name' | 'place'>) => [unit, name, place].join('\n');

const describeFrame = ({ name, file, line }: Frame) => `${file}:${line}${name === '<anonymous>' ? '' : ` ${name}`}`;

/** The groups with an error since a time, the last seen first; the hour in which that time lies counts as a whole. */
export function errorRows(
  groups: readonly ErrorGroup[],
  { since, unit }: { since: number; unit: string | undefined },
): ErrorRow[] {
  const first = Math.floor(since / HOUR_MS);
  return groups
    .filter((group) => (unit === undefined || group.unit === unit) && Date.parse(group.lastSeen) >= since)
    .map(({ hours, place: _, ...group }) => ({
      ...group,
      count: Object.entries(hours).reduce((sum, [hour, count]) => (Number(hour) < first ? sum : sum + count), 0),
    }))
    .sort((a, b) => (a.lastSeen < b.lastSeen ? 1 : -1));
}
