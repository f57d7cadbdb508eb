import { quantile } from '../bench/support/figures.ts';
import type { Outcome } from './evaluate.ts';
import { citesAnswer, depths, groupsOf, kindsByLanguage, mean, measureRetrieval, type Retrieved } from './measure.ts';

/** By depth: means over the questions of a group. */
export type Curve = Record<number, Retrieved>;

export interface GroupSummary {
  questions: number;
  curve: Curve;
}

/** How answers went over the questions of a group. */
export interface AnswerSummary {
  answerable: number;
  /** Share of the answerable questions that were refused. */
  refused: number;
  /** Share of the answerable questions with a citation that overlaps what answers. */
  right: number;
  unanswerable: number;
  /** Share of the questions without an answer that were refused. */
  rightlyRefused: number;
}

export interface Summary {
  groups: Record<string, GroupSummary>;
  answers: Record<string, AnswerSummary>;
  models: string[];
  latency: Record<'search' | 'ask', { p50: number; p95: number } | undefined>;
}

export function summarize(outcomes: readonly Outcome[]): Summary {
  const kinds = kindsByLanguage(outcomes.filter(({ answerable }) => answerable).map(({ query }) => query));
  const byGroup = new Map<string, Outcome[]>();
  for (const outcome of outcomes) {
    for (const group of groupsOf(outcome.query, kinds)) byGroup.set(group, [...(byGroup.get(group) ?? []), outcome]);
  }
  const named = [...byGroup].sort(([a], [b]) => order(a).localeCompare(order(b)));
  const answered = named.filter(([, all]) => all.some(({ answer }) => answer));
  return {
    groups: Object.fromEntries(
      named.flatMap(([name, all]) => {
        const answerable = all.filter((outcome) => outcome.answerable);
        return answerable.length === 0 ? [] : [[name, summarizeGroup(answerable)]];
      }),
    ),
    answers: Object.fromEntries(answered.map(([name, all]) => [name, summarizeAnswers(all)])),
    models: [...new Set(outcomes.flatMap(({ answer }) => answer?.model ?? []))],
    latency: {
      search: latency(outcomes.map(({ searchMs }) => searchMs)),
      ask: latency(outcomes.flatMap(({ answer }) => answer?.ms ?? [])),
    },
  };
}

const order = (group: string) => (group === 'all' ? '' : group);

function summarizeGroup(outcomes: readonly Outcome[]): GroupSummary {
  const curve: Curve = {};
  for (const k of depths) {
    const measured = outcomes.map(({ query, returned }) => measureRetrieval(query, returned, k));
    const meanOf = (name: keyof Retrieved) => mean(measured.map((each) => each[name]));
    curve[k] = { doc: meanOf('doc'), hit: meanOf('hit'), cov: meanOf('cov'), prec: meanOf('prec') };
  }
  return { questions: outcomes.length, curve };
}

function summarizeAnswers(outcomes: readonly Outcome[]): AnswerSummary {
  const [answerable, unanswerable] = [true, false].map((kind) =>
    outcomes.filter((outcome) => outcome.answerable === kind && outcome.answer),
  ) as [Outcome[], Outcome[]];
  const refused = (all: Outcome[]) => mean(all.map(({ answer }) => Number(!answer?.answered)));
  return {
    answerable: answerable.length,
    refused: refused(answerable),
    right: mean(answerable.map(({ query, answer }) => Number(citesAnswer(query, answer?.citations ?? [])))),
    unanswerable: unanswerable.length,
    rightlyRefused: refused(unanswerable),
  };
}

const latency = (values: number[]) =>
  values.length === 0 ? undefined : { p50: quantile(values, 0.5), p95: quantile(values, 0.95) };
