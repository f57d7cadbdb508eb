/** A line of the text format of Prometheus, without its time. */
export interface RecordedSeries {
  /** `http_requests_total`; of a histogram without `_bucket`, `_sum` and `_count`. */
  family: string;
  /** With its labels. */
  series: string;
  type: string;
  value: number;
}

/** All series of a text that begins each metric with its type. */
export function seriesOf(text: string): RecordedSeries[] {
  let [family, type] = ['', ''];
  return text.split('\n').flatMap((line): RecordedSeries[] => {
    const [, named, said] = /^# TYPE (\S+) (\S+)/.exec(line) ?? [];
    if (named !== undefined && said !== undefined) [family, type] = [named, said];
    if (line === '' || line.startsWith('#')) return [];
    const at = line.lastIndexOf(' ');
    return [{ family, type, series: line.slice(0, at), value: Number(line.slice(at + 1)) }];
  });
}
