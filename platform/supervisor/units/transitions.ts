import type { HistoryEntry } from '../home/journal.ts';
import type { UnitState } from './state.ts';

/** What gives a release of a unit another place; links, journal and draining follow from it, see `move`. */
export type Placement<P> =
  | { event: 'switched'; to: P }
  | { event: 'diverted'; to: P; percent: number; by?: string | undefined }
  | { event: 'canary-ended' }
  | { event: 'previewed'; processes: P }
  | { event: 'preview-ended'; release: string }
  /** Found by a supervisor that adopts: an earlier one had replaced it. */
  | { event: 'found-replaced'; processes: P };

/** What changes no traffic, see `note`. */
export type Note<P> =
  | { event: 'made'; processes: P }
  | { event: 'not-started'; processes: P }
  | { event: 'gone'; processes: P }
  | { event: 'released'; entry: HistoryEntry }
  | { event: 'rolled-back'; release: string; reason: string }
  /** Undefined: the load decides again. */
  | { event: 'scaled'; count: number | undefined }
  | { event: 'paused'; paused: boolean };

const KEPT_HISTORY = 50;

/** What the state needs to know of a release's processes. */
interface Placed {
  readonly release: { readonly id: string };
  readonly restarts: number;
}

/** The state after an event. Pure: nothing starts, ends or is written. */
export function transition<P extends Placed>(state: UnitState<P>, event: Placement<P> | Note<P>): UnitState<P> {
  const { record, candidates, current, canary, previews, leaving } = state;
  switch (event.event) {
    case 'made':
      return { ...state, candidates: [...candidates, event.processes] };
    case 'not-started':
      return { ...state, candidates: without(candidates, event.processes) };
    case 'switched': {
      const isPromoted = canary?.processes === event.to;
      const release = event.to.release.id;
      return {
        ...state,
        record: { ...record, release, canary: isPromoted ? undefined : record.canary },
        candidates: without(candidates, event.to),
        current: event.to,
        canary: isPromoted ? undefined : canary,
        leaving: current && current !== event.to ? [...leaving, current] : leaving,
      };
    }
    case 'diverted': {
      const { to, percent } = event;
      const release = to.release.id;
      const by = event.by ?? (record.canary?.release === release ? record.canary.by : undefined);
      return {
        ...endCanary(state, to),
        record: { ...record, canary: { release, percent, ...(by !== undefined && { by }) } },
        candidates: without(candidates, to),
        canary: { processes: to, percent },
      };
    }
    case 'canary-ended':
      return endCanary(state);
    case 'previewed':
      return {
        ...state,
        candidates: without(candidates, event.processes),
        previews: [...previews, event.processes],
      };
    case 'preview-ended': {
      const ended = previews.filter(({ release }) => release.id === event.release);
      const others = previews.filter(({ release }) => release.id !== event.release);
      return { ...state, previews: others, leaving: [...leaving, ...ended] };
    }
    case 'found-replaced':
      return {
        ...state,
        candidates: without(candidates, event.processes),
        leaving: [...leaving, event.processes],
      };
    case 'gone': {
      const pastRestarts = state.pastRestarts + event.processes.restarts;
      return { ...state, leaving: without(leaving, event.processes), pastRestarts };
    }
    default:
      return { ...state, record: afterNote(record, event) };
  }
}

/** What the journal keeps after an event that moves no processes. */
function afterNote<P>(
  record: UnitState['record'],
  event: Extract<Note<P>, { event: 'released' | 'rolled-back' | 'scaled' | 'paused' }>,
): UnitState['record'] {
  switch (event.event) {
    case 'released':
      return { ...record, history: [...record.history, event.entry].slice(-KEPT_HISTORY) };
    case 'rolled-back': {
      const last = record.history.findLastIndex(({ release }) => release === event.release);
      const history = record.history.map((entry, i) => (i === last ? { ...entry, restored: event.reason } : entry));
      return { ...record, history };
    }
    case 'scaled':
      return { ...record, scale: event.count };
    case 'paused':
      return { ...record, paused: event.paused || undefined };
  }
}

/** The canary leaves, unless it is the one that stays. */
function endCanary<P>(state: UnitState<P>, stays?: P): UnitState<P> {
  const { record, canary, leaving } = state;
  return {
    ...state,
    record: { ...record, canary: undefined },
    canary: undefined,
    leaving: canary && canary.processes !== stays ? [...leaving, canary.processes] : leaving,
  };
}

const without = <P>(all: readonly P[], one: P): P[] => all.filter((other) => other !== one);
