import type { AlertListing } from '../../supervisor/alerts/running/alerts.ts';
import { ask } from '../control-client.ts';
import { seconds } from '../quantities.ts';
import type { Facts } from './facts.ts';
import { fail, ok, type Verdict, warn } from './finding.ts';

export async function checkAlerts({ running, settings }: Facts): Promise<Verdict | undefined> {
  if (!running) return undefined;
  return judgeAlerts(await ask<AlertListing>('GET', '/alerts'), settings.ENVIRONMENT, new Date());
}

const STALE_SECONDS = 120;

/** Whether alerts reach the operator, and what they say. */
export function judgeAlerts(listing: AlertListing, environment: string, now: Date): Verdict {
  const { alerts, channels, mistakes, evaluatedAt } = listing;
  const age = evaluatedAt === null ? 0 : (now.getTime() - Date.parse(evaluatedAt)) / 1_000;
  if (age > STALE_SECONDS) return fail(`not evaluated for ${seconds(age)}`, 'pandect logs supervisor');
  const broken = channels.flatMap(({ name, failure }) => (failure ? [`${name} (${failure.message})`] : []));
  if (broken.length > 0) return fail(`not sent by ${broken.join(', ')}`, 'pandect alerts test tries again');
  const [mistake] = mistakes;
  if (mistake !== undefined) return warn(`the rule file is not in effect: ${mistake}`, 'mend it; it is read again');
  const firing = alerts.filter(({ state, isSilenced }) => state === 'firing' && !isSilenced);
  const names = [...new Set(firing.map(({ rule }) => rule))].join(', ');
  const isProduction = environment === 'production';
  const isCritical = isProduction && firing.some(({ severity }) => severity === 'critical');
  if (firing.length > 0) return (isCritical ? fail : warn)(`firing: ${names}`, 'pandect alerts list');
  if (channels.length > 0) return ok(`none fires; sent by ${channels.map(({ name }) => name).join(', ')}`);
  if (!isProduction) return ok('none fires; no channel is set');
  return warn(
    'none fires, and none would be sent: no channel is set',
    'set ALERT_EMAIL or another; see docs/monitoring.md',
  );
}
