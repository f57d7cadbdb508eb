import { privateBytes } from './memory.ts';
import { memoryCap, memoryEnd } from './memory-cap.ts';
import { isResponsive } from './responsive.ts';

/** A process that is watched: it has become ready and has not ended. Its children are for itself to watch. */
export interface WatchTarget {
  id: string;
  unit: string;
  pid: number;
  socket: string;
  /** Its heap limit, as manifests have it. */
  memoryMiB: number;
}

/** What is known of one process. */
export interface Sample {
  /** Memory that is its alone; undefined when that cannot be told. */
  bytes: number | undefined;
  /** Samples in a row above the cap, this one included. */
  above: number;
  /** Questions in a row that it did not answer. */
  unanswered: number;
}

export type Verdict =
  | { action: 'fine' }
  | { action: 'replace'; reason: 'memory'; detail: string }
  | { action: 'kill'; reason: 'memory' | 'unresponsive'; detail: string };

export interface WatchdogOptions {
  targets(): readonly WatchTarget[];
  /** Told once to kill, and to replace once a minute for as long as it is needed. */
  onVerdict(target: WatchTarget, verdict: Exclude<Verdict, { action: 'fine' }>): void;
  /** Milliseconds between samples; 1,000 unless told. */
  sampleMs?: number;
  /** Milliseconds that a process has for an answer; 5,000 unless told. It is asked every five samples. */
  answerMs?: number;
}

/** A moment above the cap is a collection that is still to come. */
const SAMPLES_ABOVE = 3;
/** The first answer may be missing because the supervisor itself had stood still. */
const UNANSWERED = 2;
const SAMPLES_PER_QUESTION = 5;
const SAMPLES_PER_REMINDER = 60;
const ANSWER_MS = 5_000;

/** @param cap bytes, see `memoryCap` */
export function judge({ bytes = 0, above, unanswered }: Sample, cap: number, answerMs = ANSWER_MS): Verdict {
  const detail = `took ${mebibytes(bytes)} MiB of ${mebibytes(cap)}`;
  if (bytes > memoryEnd(cap)) return { action: 'kill', reason: 'memory', detail };
  if (unanswered >= UNANSWERED) {
    const seconds = (unanswered * answerMs) / 1000;
    return { action: 'kill', reason: 'unresponsive', detail: `did not answer ${unanswered} times for ${seconds} s` };
  }
  return above >= SAMPLES_ABOVE ? { action: 'replace', reason: 'memory', detail } : { action: 'fine' };
}

const mebibytes = (bytes: number) => Math.round(bytes / 1024 / 1024);

interface Watch extends Sample {
  /** Samples until the next question; none is asked while one is open. */
  untilQuestion: number;
  isAsked: boolean;
  isCondemned: boolean;
}

/** Looks at the memory of all processes, and asks each now and then whether it is there. */
export function startWatchdog(options: WatchdogOptions): { stop(): void } {
  const { targets, onVerdict, sampleMs = 1_000, answerMs = ANSWER_MS } = options;
  let watches = new Map<string, Watch>();
  let counter = 0;

  const begin = (): Watch => ({
    ...{ bytes: undefined, above: 0, unanswered: 0, isAsked: false, isCondemned: false },
    // Processes that were started together are asked one after the other.
    untilQuestion: 1 + (counter++ % SAMPLES_PER_QUESTION),
  });

  const question = async (watch: Watch, { socket }: WatchTarget) => {
    watch.untilQuestion = SAMPLES_PER_QUESTION;
    watch.isAsked = true;
    watch.unanswered = (await isResponsive(socket, answerMs)) ? 0 : watch.unanswered + 1;
    watch.isAsked = false;
  };

  const look = (target: WatchTarget, watch: Watch) => {
    const cap = memoryCap(target.memoryMiB);
    watch.bytes = privateBytes(target.pid);
    watch.above = (watch.bytes ?? 0) > cap ? watch.above + 1 : 0;
    if (!watch.isAsked && --watch.untilQuestion <= 0) void question(watch, target);
    const verdict = judge(watch, cap, answerMs);
    if (verdict.action === 'fine' || watch.isCondemned) return;
    watch.isCondemned = verdict.action === 'kill';
    const isDue = (watch.above - SAMPLES_ABOVE) % SAMPLES_PER_REMINDER === 0;
    if (watch.isCondemned || isDue) onVerdict(target, verdict);
  };

  const timer = setInterval(() => {
    const before = watches;
    watches = new Map();
    for (const target of targets()) {
      const watch = before.get(target.id) ?? begin();
      watches.set(target.id, watch);
      look(target, watch);
    }
  }, sampleMs);
  return { stop: () => clearInterval(timer) };
}
