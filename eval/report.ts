import { type Row, render } from '../bench/support/table.ts';
import type { Baseline } from './baseline.ts';
import type { Outcome } from './evaluate.ts';
import { citesAnswer, depths, measureRetrieval, type Retrieved } from './measure.ts';
import type { GroupSummary, Summary } from './summary.ts';

/** What one run found, as it is kept in a file. */
export interface Report {
  at: string;
  revision: string;
  /** Folder name of the set. */
  set: string;
  documents: number;
  ingestSeconds: number;
  /** See `Alignment.agreement`; 1 when every stored text has the characters of its file. */
  leastAgreement: number;
  summary: Summary;
  baselines: Baseline[];
  /** How each question went, so that two runs can be compared one by one. */
  questions: QuestionReport[];
}

export interface QuestionReport {
  id: string;
  at10: Retrieved;
  answered?: boolean;
  /** Whether a citation overlaps what answers. */
  right?: boolean;
}

export const reportQuestion = ({ query, answerable, returned, answer }: Outcome): QuestionReport => ({
  id: query.id,
  at10: answerable ? measureRetrieval(query, returned, 10) : { doc: 0, hit: 0, cov: 0, prec: 0 },
  ...(answer && { answered: answer.answered, right: citesAnswer(query, answer.citations) }),
});

const figure = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(3));

/** Tables for people: retrieval next to the baseline, answers, times; and how it differs from an earlier run. */
export function renderReport(report: Report, earlier: Report | undefined): string {
  const { summary, baselines, documents, ingestSeconds, leastAgreement } = report;
  const { search, ask } = summary.latency;
  const table = (title: string, rows: Row[], notes: string[] = []) => render({ title, rows, aims: [], notes });
  const times = [
    `${documents} documents ready in ${ingestSeconds.toFixed(0)} s`,
    ...(search ? [`search p50 ${search.p50.toFixed(0)} ms, p95 ${search.p95.toFixed(0)} ms`] : []),
    ...(ask ? [`ask p50 ${ask.p50.toFixed(0)} ms, p95 ${ask.p95.toFixed(0)} ms (${summary.models.join(', ')})`] : []),
  ];
  const unsure =
    leastAgreement < 1 ? [`Stored texts differ from the files; least agreement ${figure(leastAgreement)}`] : [];
  const runs = [
    ['Pandect', summary.groups] as const,
    ...baselines.map(({ name, groups }) => [name, groups] as const),
    ...(earlier ? [[`Pandect before, ${earlier.revision}`, earlier.summary.groups] as const] : []),
  ];
  const retrieval = Object.keys(summary.groups).flatMap((group) =>
    runs.flatMap(([name, groups]) => (groups[group] ? [retrievalRow(group, name, groups[group])] : [])),
  );
  const answers = Object.entries(summary.answers).map(([group, each]) => ({
    group,
    answerable: each.answerable,
    'cited what answers': figure(each.right),
    refused: figure(each.refused),
    unanswerable: each.unanswerable,
    'rightly refused': each.unanswerable === 0 ? '–' : figure(each.rightlyRefused),
  }));
  return [
    table(`Retrieval, set "${report.set}"`, retrieval, [...times, ...unsure]),
    ...(answers.length > 0 ? [table('Answers', answers)] : []),
  ].join('\n');
}

function retrievalRow(group: string, name: string, { questions, curve }: GroupSummary): Row {
  const row: Row = { group, run: name, questions };
  for (const measure of ['doc', 'hit', 'cov'] as const) {
    for (const k of depths) row[`${measure}@${k}`] = figure(curve[k]?.[measure]);
  }
  const own = depths.some((k) => (curve[k]?.prec ?? 0) > 0);
  row['prec@10'] = own ? figure(curve[10]?.prec) : '–';
  return row;
}
