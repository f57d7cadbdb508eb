import type { Wire } from '../../dialects/contract.ts';
import type { Adapter, AdapterCall, Operation } from '../adapter.ts';
import { createCompatibleAdapter } from '../openai/compatible.ts';
import { UpstreamError } from '../upstream-error.ts';

/**
 * Models of Yandex AI Studio by its address that is compatible with OpenAI. Models belong to a folder of the cloud, which the configuration
 * names once.
 * @param wires of chat completions and responses
 */
export const createYandexAdapter = (wires: readonly Wire[]): Adapter =>
  createCompatibleAdapter({
    kind: 'yandex',
    wires,
    urlOf: (path, { provider }) => `${provider.baseUrl}${path}`,
    headersOf,
    modelOf,
    refusedByEmbeddings: ['user'],
  });

/** @throws UpstreamError where the provider has no folder */
function folderOf({ provider }: AdapterCall): string {
  const { folder } = provider.options;
  if (typeof folder === 'string' && folder !== '') return folder;
  throw new UpstreamError(`Ask provider "${provider.name}"`, {
    reason: 'key-refused',
    status: undefined,
    code: 'folder_missing',
  });
}

/** Keys of a service account, and IAM tokens, which begin with `t1.` and live for twelve hours. */
function headersOf(call: AdapterCall): Record<string, string> {
  const { secret } = call.key;
  return {
    authorization: `${secret.startsWith('t1.') ? 'Bearer' : 'Api-Key'} ${secret}`,
    'openai-project': folderOf(call),
    // Keeps requests out of Yandex's logs unless the operator allows them there.
    ...(call.provider.options.dataLogging !== true && { 'x-data-logging-enabled': 'false' }),
  };
}

/** `yandexgpt/latest` becomes `gpt://<folder>/yandexgpt/latest`; a whole URI stays as it is. */
function modelOf(operation: Operation, call: AdapterCall): string {
  if (call.model.includes('://')) return call.model;
  const scheme = operation === 'embeddings' ? 'emb' : operation === 'images' ? 'art' : 'gpt';
  return `${scheme}://${folderOf(call)}/${call.model}`;
}
