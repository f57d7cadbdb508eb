import { Problem } from '../../../platform/kernel/problem.ts';
import type { Caller } from '../../../platform/runtime/http/caller.ts';
import type { GatewayConfiguration } from '../configuration/contract.ts';
import { modelNotFound } from '../problems.ts';
import { mayUseRoute } from '../routing/may-use-route.ts';
import type { Route } from '../routing/route.ts';

/** The route that a caller names. @throws Problem model-not-found, also for what its key may not call */
export function findRoute(configuration: GatewayConfiguration, caller: Caller, model: string): Route {
  const route = mayCall(caller, model) ? configuration.route(model) : undefined;
  if (!route) throw new Problem(modelNotFound, { parameters: { model } });
  return route;
}

/** A name that a caller may give, and who serves it. */
export interface CallableModel {
  id: string;
  /** The provider of a single model; undefined for a route. */
  provider: string | undefined;
}

/** Exactly what a caller may name, routes first. @param others that no route leads to, behind what has their name */
export function callableModels(
  configuration: GatewayConfiguration,
  caller: Caller,
  others: readonly CallableModel[],
): CallableModel[] {
  const models = new Map<string, CallableModel>();
  for (const { name } of configuration.routes()) models.set(name, { id: name, provider: undefined });
  for (const { name, provider } of configuration.targets())
    if (!models.has(name)) models.set(name, { id: name, provider: provider.name });
  for (const other of others) if (!models.has(other.id)) models.set(other.id, other);
  return [...models.values()].filter(({ id }) => mayCall(caller, id));
}

const mayCall = ({ gateway }: Caller, name: string): boolean => mayUseRoute(name, gateway?.routes);
