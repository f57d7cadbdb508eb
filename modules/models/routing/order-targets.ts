import { drawByWeight } from '../upstream/draw-by-weight.ts';
import type { Route, Target } from './route.ts';

/**
 * The targets in the order in which they are asked: as given, or drawn by weight without repetition. One of weight 0 comes after all
 * others.
 * @param random from 0 to below 1
 */
export function orderTargets(route: Route, targets: readonly Target[], random: () => number = Math.random): Target[] {
  if (route.strategy === 'order' || targets.length < 2) return [...targets];
  const weights = new Map(route.targets.map(({ target, weight }) => [target.name, weight]));
  const left = targets.map((target) => ({ target, weight: weights.get(target.name) ?? 0 }));
  const ordered: Target[] = [];
  while (left.length > 0) {
    ordered.push(...left.splice(drawByWeight(left, random()), 1).map(({ target }) => target));
  }
  return ordered;
}
