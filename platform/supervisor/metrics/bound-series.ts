/**
 * Keeps the number of series of a metric bounded, whatever processes tell: what is kept of ended processes would otherwise grow with every
 * organization and model that there ever was. The first sets of labels stay as they are; later ones count together, as `other`.
 */
export interface SeriesBound {
  /** The series that a series counts as, the same one each time. @param key such as `ai_requests_total{model="a"}` */
  place(key: string): string;
}

/** Sets of labels of one metric; the buckets of a histogram are one. Four models of 500 organizations. */
export const MOST_SERIES = 2_000;
/** Their values come from data. Those of all other labels stand in the code or in manifests. */
const OPEN_LABELS = /\b(organization|model|target|provider|route|table|gen_ai_request_model)="(?:[^"\\]|\\.)*"/g;
const BUCKET = /(?<=[{,])le="[^"]*"/;

/** @param known series that were shown before, as far as there is room */
export function createSeriesBound(known: Iterable<string>, most = MOST_SERIES): SeriesBound {
  const byMetric = new Map<string, Set<string>>();
  const isKnown = (key: string): boolean => {
    const at = key.indexOf('{');
    if (at < 0) return true;
    const metric = key.slice(0, at);
    const labels = key.slice(at).replace(BUCKET, '');
    const sets = byMetric.get(metric) ?? new Set();
    byMetric.set(metric, sets);
    if (sets.has(labels)) return true;
    if (sets.size >= most) return false;
    sets.add(labels);
    return true;
  };
  for (const key of known) isKnown(key);
  return { place: (key) => (isKnown(key) ? key : key.replaceAll(OPEN_LABELS, '$1="other"')) };
}
