import { type ComponentType, lazy } from 'react';
import { matchPath } from './match.ts';

export interface ScreenProps {
  /** What the path has in place of the names of the pattern. */
  params: Record<string, string>;
}

const screen = (load: () => Promise<{ default: ComponentType<ScreenProps> }>) => lazy(load);

/** Screens by the pattern of their path below `/operator`; each is loaded when it is shown first. */
const screens: Record<string, ComponentType<ScreenProps>> = {
  '/': screen(() => import('../screens/overview/overview.tsx')),
  '/units': screen(() => import('../screens/units/units.tsx')),
  '/units/:name': screen(() => import('../screens/unit/unit.tsx')),
  '/logs': screen(() => import('../screens/logs/logs.tsx')),
  '/queues': screen(() => import('../screens/queues/queues.tsx')),
  '/jobs': screen(() => import('../screens/jobs/jobs.tsx')),
  '/jobs/:id': screen(() => import('../screens/job/job.tsx')),
  '/alerts': screen(() => import('../screens/alerts/alerts.tsx')),
  '/alerts/:rule': screen(() => import('../screens/alert/alert.tsx')),
  '/errors': screen(() => import('../screens/errors/errors.tsx')),
  '/backups': screen(() => import('../screens/backups/backups.tsx')),
  '/images': screen(() => import('../screens/images/images.tsx')),
  '/gateway': screen(() => import('../screens/gateway/gateway.tsx')),
  '/gateway/keys/:id': screen(() => import('../screens/key/key.tsx')),
  '/bots': screen(() => import('../screens/bots/bots.tsx')),
  '/bots/:id': screen(() => import('../screens/bot/bot.tsx')),
  '/organizations': screen(() => import('../screens/organizations/organizations.tsx')),
  '/organizations/:id': screen(() => import('../screens/organization/organization.tsx')),
  '/plans': screen(() => import('../screens/plans/plans.tsx')),
  '/plans/:tier': screen(() => import('../screens/plan/plan.tsx')),
  '/prices': screen(() => import('../screens/prices/prices.tsx')),
  '/money': screen(() => import('../screens/money/money.tsx')),
};

export function screenAt(
  path: string,
): { Screen: ComponentType<ScreenProps>; params: ScreenProps['params'] } | undefined {
  for (const [pattern, Screen] of Object.entries(screens)) {
    const params = matchPath(pattern, path);
    if (params) return { Screen, params };
  }
  return undefined;
}
