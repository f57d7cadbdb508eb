import type { Sample } from '../expressions/history.ts';
import type { AlertRule } from '../rules/rule.ts';
import type { ChannelState } from '../state/alert-file.ts';

/** Not in the table: what sends alerts of Prometheus has its own. */
export const channelRule: AlertRule = {
  name: 'AlertChannel',
  severity: 'warning',
  condition: () => {
    throw new Error('Evaluate "AlertChannel": it is found by `findChannels`');
  },
  forSeconds: 60,
  unit: 'none',
  sentence: 'Alerts cannot be sent by {channel}',
  command: 'pandect alerts list',
};

/** The channels that do not take messages, so that the others tell it. */
export const findChannels = (states: Readonly<Record<string, ChannelState>>): Sample[] =>
  Object.entries(states).flatMap(([channel, { failure }]) => (failure ? [{ labels: { channel }, value: 1 }] : []));
