import { localChatModel } from './providers/local/chat.ts';

type Alias = 'standard' | 'advanced';
type Ability = 'chat' | 'tools' | 'images';

/** A model under the name by which the rest of the platform asks for it. */
interface CatalogueModel {
  alias: Alias;
  provider: 'openai' | 'local';
  /** Its name at the provider. */
  model: string;
  abilities: readonly Ability[];
  /** Name under which its price stands in `model_prices`. */
  price: string;
}

export interface Catalogue {
  readonly models: readonly CatalogueModel[];
  model(alias: Alias): CatalogueModel;
}

/** The models of the settings. Without a key each alias stands for the local provider, which has no model. */
export function createCatalogue(settings: { apiKey: string | undefined; models: Record<Alias, string> }): Catalogue {
  const entry = (alias: Alias): CatalogueModel => {
    if (!settings.apiKey) {
      return { alias, provider: 'local', model: localChatModel, abilities: ['chat'], price: localChatModel };
    }
    const model = settings.models[alias];
    return { alias, provider: 'openai', model, abilities: ['chat', 'tools', 'images'], price: model };
  };
  const models = { standard: entry('standard'), advanced: entry('advanced') };
  return { models: Object.values(models), model: (alias) => models[alias] };
}
