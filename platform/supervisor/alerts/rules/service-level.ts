import {
  atLeast,
  increase,
  minus,
  orZero,
  plus,
  quantile,
  rate,
  ratio,
  series,
  sum,
  type Vector,
} from '../expressions/expression.ts';
import { DAY, HOUR, MINUTE } from './durations.ts';
import type { RecordingRule } from './rule.ts';

/** The promises: 99.9 % of the requests without an error of ours, and answers within 200 ms, time of models apart. */
export const ERROR_BUDGET = 0.001;
export const ANSWER_SECONDS = 0.2;

const OURS = { status: { like: '5..' } };
/** A request every 100 s: below that, a single error would be a catastrophe. */
const LEAST_RATE = 0.01;
/** A request every 20 s, for alerts on minutes. */
export const BUSY_RATE = 0.05;

/**
 * What answers without a model, a stream or a transfer: these last as long as somebody else takes. Paths of the gateway do not begin with /api.
 */
const PLAIN = {
  endpoint: { like: '/api/.*', notLike: '/api/(ask|uploads|images/socket).*|.*/(events|content|export|docx)' },
};
const BUCKETS = 'http_request_duration_seconds_bucket';

const requests = (seconds: number): Vector =>
  plus(
    sum(rate(series('http_requests_total'), seconds)),
    orZero(sum(rate(series('pandect_edge_responses_total'), seconds))),
  );
const errors = (seconds: number): Vector =>
  plus(
    orZero(sum(rate(series('http_requests_total', OURS), seconds))),
    orZero(sum(rate(series('pandect_edge_responses_total', OURS), seconds))),
  );

/** Of all requests, those of the edge included. @param least requests a second that are taken for granted */
export const errorShare = (seconds: number, least = LEAST_RATE): Vector =>
  ratio(errors(seconds), atLeast(requests(seconds), least));

/** @param share of the requests that take no longer */
export const answerSeconds = (share: number, seconds: number): Vector =>
  quantile(share, sum(rate(series(BUCKETS, PLAIN), seconds), 'le'));

const slowShare = (seconds: number): Vector => {
  const all = sum(rate(series(BUCKETS, { ...PLAIN, le: '+Inf' }), seconds));
  const quick = sum(rate(series(BUCKETS, { ...PLAIN, le: String(ANSWER_SECONDS) }), seconds));
  return ratio(minus(all, quick), atLeast(all, LEAST_RATE));
};

const WINDOWS = { '5m': 5 * MINUTE, '30m': 30 * MINUTE, '1h': HOUR, '6h': 6 * HOUR } as const;
export type BurnWindow = keyof typeof WINDOWS;

/** The recorded share of errors. */
export const recordedErrors = (window: BurnWindow) => series(`pandect:request_errors:ratio_rate${window}`);

const MONTH = 30 * DAY;
const counted = (where = {}) =>
  plus(
    orZero(sum(increase(series('http_requests_total', where), MONTH))),
    orZero(sum(increase(series('pandect_edge_responses_total', where), MONTH))),
  );

export const serviceLevel: readonly RecordingRule[] = [
  ...Object.entries(WINDOWS).map(([window, seconds]) => ({
    name: recordedErrors(window as BurnWindow).name,
    expression: errorShare(seconds),
  })),
  { name: 'pandect:api_answers:slow_ratio_rate5m', expression: slowShare(5 * MINUTE) },
  { name: 'pandect:api_answers:slow_ratio_rate1h', expression: slowShare(HOUR) },
  { name: 'pandect:api_answers:p95_seconds_rate5m', expression: answerSeconds(0.95, 5 * MINUTE) },
  {
    name: 'pandect:availability:ratio_30d',
    expression: minus(1, ratio(counted(OURS), atLeast(counted(), 1))),
    isForPrometheus: true,
  },
];
