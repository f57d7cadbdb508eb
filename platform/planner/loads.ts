import type { PlanInput } from './input/schema.ts';

/**
 * Kinds of work, the units that do them and what one piece costs a processor. Where the manifests have no such unit, the work
 * counts for cost alone. Seconds of a processor are of `bench/`, over all processes of the host, or estimates (E).
 */
export const workUnits = {
  questions: { unit: 'ask', others: ['search', 'conversations'], follows: undefined, processorSeconds: 0.15 }, // E; a search takes 0.025
  readings: { unit: 'chats', others: ['bots', 'sending'], follows: undefined, processorSeconds: 0.05 }, // E
  gateway: { unit: 'gateway', others: [], follows: undefined, processorSeconds: 0.02 }, // E
  /** People follow a generation over a connection that stays open. */
  images: { unit: 'pictures', others: [], follows: 'images', processorSeconds: 0.5 }, // E
  documents: { unit: 'ingest', others: ['documents'], follows: undefined, processorSeconds: 0 },
} as const;

export type Work = keyof typeof workUnits;

/** Requests of the API around one piece of work: pages that open, lists, limits. */
const REQUESTS_EACH = 10;
/** Of a request of the API: `GET /api/limits` is answered 579 times a second on two cores. */
const REQUEST_PROCESSOR_SECONDS = 0.004;
const REQUEST_SECONDS = 0.05;

const START_SECONDS = 0.3;
/** 173 pages a second of text, 0.3 of scans. */
const TEXT_PAGE_SECONDS = 1 / 173;
const SCAN_PAGE_SECONDS = 1 / 0.3;
const HOUR_SECONDS = 3_600;

export interface Load {
  work: Work;
  /** What people ask for, what the cache answers among it. */
  requestsPerDay: number;
  /** What reaches a model, a provider or the parser. */
  callsPerDay: number;
  /** In the busiest hour. */
  callsPerHour: number;
  requestsPerHour: number;
  /** Mean time of one. */
  seconds: number;
  /** Of a processor. */
  processorSeconds: number;
  /** Calls that the provider lets be in progress. */
  slots: number | undefined;
  waitSeconds: number;
  waitShare: number;
}

type Volume = PlanInput['questions'] | PlanInput['images'];

/** Time of reading one document on one core. */
export const documentSeconds = ({ pagesEach, scanShare }: PlanInput['documents']): number =>
  START_SECONDS + pagesEach * ((1 - scanShare) * TEXT_PAGE_SECONDS + scanShare * SCAN_PAGE_SECONDS);

export function loadsOf(input: PlanInput): Load[] {
  const { newPerDay } = input.documents;
  const seconds = documentSeconds(input.documents);
  const documents: Load = {
    ...{ work: 'documents', requestsPerDay: newPerDay, callsPerDay: newPerDay, seconds, processorSeconds: seconds },
    ...{ requestsPerHour: newPerDay * input.busiestHourShare, callsPerHour: newPerDay * input.busiestHourShare },
    ...{ slots: undefined, waitSeconds: 600, waitShare: 0.05 },
  };
  const talks = (['questions', 'readings', 'gateway', 'images'] as const).map((work) =>
    loadOf(work, input[work], input),
  );
  return [...talks, documents];
}

function loadOf(work: Exclude<Work, 'documents'>, volume: Volume, input: PlanInput): Load {
  const busiest = input.busiestHourShare;
  const byPeople = (volume.perUserPerDay ?? 0) * input.users * input.activeShare;
  const perDay = volume.perDay ?? (volume.perHour === undefined ? byPeople : volume.perHour / busiest);
  const perHour = volume.perHour ?? perDay * busiest;
  const missed = 1 - volume.cacheShare;
  return {
    ...{ work, requestsPerDay: perDay, callsPerDay: missed * perDay, callsPerHour: missed * perHour },
    ...{ requestsPerHour: perHour, seconds: volume.seconds, processorSeconds: workUnits[work].processorSeconds },
    ...{ slots: volume.slots, waitSeconds: volume.waitSeconds, waitShare: volume.waitShare },
  };
}

/** Cores that are busy on average in the busiest hour. */
export const busyCores = (loads: readonly Load[]): number =>
  loads.reduce((sum, load) => {
    const api = load.requestsPerHour * REQUESTS_EACH * REQUEST_PROCESSOR_SECONDS;
    return sum + (load.callsPerHour * load.processorSeconds + api) / HOUR_SECONDS;
  }, 0);

/** What a unit has to do of a load, as arrivals an hour and seconds of each; undefined when nothing. */
export function shareOfUnit(
  load: Load,
  unit: string,
): { perHour: number; seconds: number; processorSeconds: number } | undefined {
  const { unit: main, others, follows } = workUnits[load.work];
  const { callsPerHour, seconds, processorSeconds, requestsPerHour } = load;
  if (unit === main) return { perHour: callsPerHour, seconds, processorSeconds };
  if (unit === follows) return { perHour: requestsPerHour, seconds, processorSeconds: REQUEST_PROCESSOR_SECONDS };
  if (!(others as readonly string[]).includes(unit)) return undefined;
  const processor = REQUEST_PROCESSOR_SECONDS;
  return { perHour: REQUESTS_EACH * requestsPerHour, seconds: REQUEST_SECONDS, processorSeconds: processor };
}

/** The same load, `factor` times as much. */
export function grown(input: PlanInput, factor: number): PlanInput {
  const times = (value: number | undefined) => (value === undefined ? undefined : value * factor);
  const more = <T extends Volume>(volume: T): T => ({
    ...volume,
    ...{ perDay: times(volume.perDay), perHour: times(volume.perHour), perUserPerDay: times(volume.perUserPerDay) },
  });
  return {
    ...input,
    ...{ questions: more(input.questions), readings: more(input.readings), gateway: more(input.gateway) },
    images: more(input.images),
    documents: { ...input.documents, newPerDay: input.documents.newPerDay * factor },
  };
}
