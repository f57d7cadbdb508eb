import type { Wire } from '../../dialects/contract.ts';
import type { Adapter, AdapterCall } from '../adapter.ts';
import { createCompatibleAdapter } from '../openai/compatible.ts';

/**
 * OpenAI's models at Azure, where a model is named by its deployment. With the option `apiVersion` each has an address of its own, without
 * it all share that of the newer API.
 * @param wires of chat completions and responses
 */
export const createAzureAdapter = (wires: readonly Wire[]): Adapter =>
  createCompatibleAdapter({ kind: 'azure', wires, urlOf, headersOf });

function urlOf(path: string, { provider, model }: AdapterCall): string {
  const { apiVersion } = provider.options;
  const resource = provider.baseUrl.replace(/\/openai(\/v1)?$/, '');
  if (typeof apiVersion !== 'string' || apiVersion === '') return `${resource}/openai/v1${path}`;
  const query = `api-version=${encodeURIComponent(apiVersion)}`;
  // Responses belong to no deployment: their body names it.
  if (path.startsWith('/responses')) return `${resource}/openai${path}?${query}`;
  return `${resource}/openai/deployments/${encodeURIComponent(model)}${path}?${query}`;
}

/** An account's key, or a token of Entra. */
const headersOf = ({ key, provider }: AdapterCall): Record<string, string> =>
  provider.options.auth === 'bearer' ? { authorization: `Bearer ${key.secret}` } : { 'api-key': key.secret };
