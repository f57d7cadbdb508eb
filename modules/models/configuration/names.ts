/** Letters first, so that a name is neither a number nor a path; `/` parts what permissions may match. */
export const NAME = /^[A-Za-z](?:[A-Za-z0-9._:/@-]{0,98}[A-Za-z0-9])?$/;

export const NAME_RULE =
  'must be up to 100 letters, digits and ._:/@-, beginning with a letter and ending with a letter or digit';

/** Names of the providers that the environment may have. */
export const environmentProviders = ['openai', 'azure', 'anthropic', 'gigachat', 'yandex', 'cohere', 'embedding'];
