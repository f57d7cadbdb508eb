import { AiFailure } from './ai-failure.ts';
import type { ChatModel } from './chat/chat-model.ts';
import type { Configurations, GatewayConfiguration } from './configuration/contract.ts';
import { orderTargets } from './routing/order-targets.ts';
import type { Route, Target } from './routing/route.ts';

type Alias = 'standard' | 'advanced';

/** A model that a question may be put to, and the route that leads to it. */
export interface CatalogueModel {
  route: string;
  target: Target;
  chat: ChatModel;
}

/** Whom to ask, in order, and when the next one; never empty. */
export interface Choice {
  models: readonly [CatalogueModel, ...CatalogueModel[]];
  retry: Route['retry'];
}

/** The models behind the aliases of plans: the routes `standard` and `advanced` of the configuration in effect. */
export interface Catalogue {
  /**
   * Those of one question, which keeps to them: targets of the alias's route in order or drawn by weight, then those of `standard`, none twice.
   * @throws AiFailure when the configuration leads to no model that converses
   */
  of(organizationId: string): Promise<Record<Alias, Choice>>;
  /**
   * Those of a route by its name, then those of `standard`; of a name that the configuration does not have, those of `standard`.
   * @throws AiFailure as `of`
   */
  route(organizationId: string, name: string | undefined): Promise<Choice>;
}

export function createCatalogue(
  configurations: Pick<Configurations, 'of'>,
  chatOf: (target: Target) => ChatModel,
): Catalogue {
  return {
    async of(organizationId) {
      const configuration = await configurations.of(organizationId);
      const standard = routeOf(configuration, 'standard');
      const advanced = routeOf(configuration, 'advanced');
      const last = modelsOf(standard, chatOf);
      return {
        standard: choose(configuration, standard, last),
        advanced: choose(configuration, advanced, [...modelsOf(advanced, chatOf), ...last]),
      };
    },
    async route(organizationId, name) {
      const configuration = await configurations.of(organizationId);
      const standard = routeOf(configuration, 'standard');
      const route = (name === undefined ? undefined : configuration.route(name)) ?? standard;
      return choose(configuration, route, [...modelsOf(route, chatOf), ...modelsOf(standard, chatOf)]);
    },
  };
}

function choose(configuration: GatewayConfiguration, route: Route, models: readonly CatalogueModel[]): Choice {
  const [first, ...others] = models.filter(
    ({ target }, index) => models.findIndex((one) => one.target.name === target.name) === index,
  );
  if (!first) {
    const { version } = configuration;
    throw new AiFailure('refused', `Find models of route "${route.name}": version ${version} has none`, {
      upstream: 'not-asked',
    });
  }
  return { models: [first, ...others], retry: retryOf(route, configuration) };
}

/** The route of an alias, or what stands for it: a document need not have these routes. */
export const findAliasRoute = (configuration: Pick<GatewayConfiguration, 'route'>, alias: Alias): Route | undefined =>
  configuration.route(alias) ?? configuration.route('standard') ?? configuration.route('default');

function routeOf(configuration: GatewayConfiguration, alias: Alias): Route {
  const route = findAliasRoute(configuration, alias);
  if (route) return route;
  throw new AiFailure('refused', `Find models: version ${configuration.version} has no route "${alias}"`, {
    upstream: 'not-asked',
  });
}

const modelsOf = (route: Route, chatOf: (target: Target) => ChatModel): CatalogueModel[] =>
  orderTargets(
    route,
    route.targets.map(({ target }) => target),
  )
    .filter(({ can }) => can.includes('chat'))
    .map((target) => ({ route: route.name, target, chat: chatOf(target) }));

/** Without a document, a question has the time of the request alone. */
const retryOf = ({ retry }: Route, { version }: GatewayConfiguration): Route['retry'] =>
  version === 0 ? { ...retry, budgetMs: Number.POSITIVE_INFINITY } : retry;
