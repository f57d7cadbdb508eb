import type { MeasuredLoad } from '../operator-answers.ts';

export interface MeasuredHost {
  cores: number;
  memoryGb: number;
  diskGb: number;
  swapGb?: number;
}

const MIB = 1024 * 1024;
const LEAST_SECONDS = 0.01;
/** The most that a plan takes. */
const MOST_REPLACED = 100;

/** Actions of usage that are kinds of work of a plan. */
const talks = [
  ['questions', 'ai_query'],
  ['readings', 'reading'],
  ['gateway', 'gateway'],
] as const;

/**
 * Figures of a plan as a platform measured them; what it does not know is left out, so that the defaults of a plan hold.
 * @param modelSeconds mean time of a call of a chat model
 */
export function measuredInput(
  { days, since, actions, people, images, documents }: MeasuredLoad,
  host: MeasuredHost,
  modelSeconds: number | undefined,
): { input: Record<string, unknown>; summary: string } {
  const works = talks.map(([work, action]) => {
    const found = actions.find((each) => each.action === action);
    if (found === undefined) return [work, {}] as const;
    const { requests, busiestHour, cached, tokensIn, tokensOut } = found;
    const figures = known({
      ...{ perDay: requests / days, perHour: busiestHour, cacheShare: requests > 0 ? cached / requests : undefined },
      ...{ seconds: atLeast(found.seconds ?? modelSeconds), tokensIn: tokensIn ?? undefined },
      tokensOut: tokensOut ?? undefined,
    });
    return [work, figures] as const;
  });
  const input = {
    ...{ users: people.users, organizations: people.organizations, host },
    activeShare: people.users > 0 ? Math.min(1, people.activePerDay / people.users) : 1,
    ...Object.fromEntries(works),
    images: known({
      ...{ perDay: images.requests / days, perHour: images.busiestHour, seconds: atLeast(images.seconds ?? undefined) },
      picturesEach: images.picturesEach === null ? undefined : Math.max(1, Math.round(images.picturesEach)),
      megabytesEach: megabytes(images.bytesEach),
    }),
    documents: known({
      ...{ count: documents.count, newPerDay: documents.added / days, megabytesEach: megabytes(documents.bytesEach) },
      pagesEach: documents.pagesEach ?? undefined,
      replacedShare: documents.count > 0 ? Math.min(MOST_REPLACED, documents.replaced / documents.count) : undefined,
    }),
  };
  const counts = works.map(([work]) => `${requestsOf(work, actions)} ${work}`);
  const all = [...counts, `${images.requests} images`, `${documents.added} documents`].join(', ');
  return { input, summary: `Measured since ${since.slice(0, 10)}: ${all}; the host is this one` };
}

function requestsOf(work: string, actions: MeasuredLoad['actions']): number {
  const action = talks.find(([name]) => name === work)?.[1];
  return actions.find((each) => each.action === action)?.requests ?? 0;
}

const known = (figures: Record<string, number | undefined>): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).filter((entry): entry is [string, number] => entry[1] !== undefined));

const megabytes = (bytes: number | null): number | undefined => (bytes === null ? undefined : bytes / MIB);

const atLeast = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : Math.max(LEAST_SECONDS, seconds);
