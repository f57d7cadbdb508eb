import type { Dashboard } from '../panel.ts';

export const aiAndMoney: Dashboard = {
  name: 'ai-and-money',
  title: 'Pandect: AI and money',
  about: 'What models are asked, what it costs, and what is refused',
  panels: [
    {
      ...{ title: 'Answers of models', kind: 'line', unit: 'reqps' },
      queries: [['sum by (model) (rate(ai_requests_total[5m]))', '{{model}}']],
    },
    {
      ...{ title: 'Tokens per hour', kind: 'line', unit: 'short' },
      queries: [['sum by (model) (increase(openai_tokens_total[1h]))', '{{model}}']],
    },
    {
      ...{ title: 'Cost per hour', kind: 'line', unit: 'short' },
      queries: [['clamp_min(sum by (model) (delta(pandect_ai_cost_month[1h])), 0)', '{{model}}']],
      about: 'In the currency of the prices of models.',
    },
    {
      ...{ title: 'Cost of this month', kind: 'bars', unit: 'short' },
      queries: [['pandect_ai_cost_month', '{{model}}']],
    },
    {
      ...{ title: 'Answers from a cache', kind: 'line', unit: 'percentunit', max: 1 },
      queries: [
        [
          'sum by (cache) (rate(pandect_cache_requests_total{result="hit"}[15m])) / sum by (cache) (rate(pandect_cache_requests_total[15m]))',
          '{{cache}}',
        ],
      ],
    },
    {
      ...{ title: 'Breakers', kind: 'line', unit: 'short', limits: [1, 1], max: 1 },
      queries: [['pandect_breaker_open', '{{provider}}']],
      about: '1: a model of the provider is not asked, as it kept failing. pandect gateway breakers tells which.',
    },
    {
      ...{ title: 'Calls of upstreams', kind: 'line', unit: 'reqps' },
      queries: [['sum by (provider, outcome) (rate(pandect_gateway_attempts_total[5m]))', '{{provider}}: {{outcome}}']],
    },
    {
      ...{ title: 'p95 of calls', kind: 'line', unit: 's' },
      queries: [
        [
          'histogram_quantile(0.95, sum by (gen_ai_request_model, le) (rate(gen_ai_client_operation_duration_seconds_bucket[5m])))',
          '{{gen_ai_request_model}}',
        ],
      ],
    },
    {
      ...{ title: 'Refused', kind: 'line', unit: 'reqps' },
      queries: [['sum by (reason) (rate(pandect_refused_total[5m]))', '{{reason}}']],
      about: 'docs/problems.md says what each reason means.',
    },
    {
      ...{ title: 'Payments that contradict their provider', kind: 'number', unit: 'short', limits: [1, 1] },
      queries: [['sum(payments_mismatched)', 'payments']],
    },
    {
      ...{ title: 'Busiest organizations, tokens per day', kind: 'bars', unit: 'short' },
      queries: [['topk(10, sum by (organization) (increase(openai_tokens_total[1d])))', '{{organization}}']],
      about: 'One bar without METRICS_ORGANIZATIONS.',
    },
  ],
};
