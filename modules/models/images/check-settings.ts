import { notAllowed, notOutbound } from '../../../platform/capabilities/outbound/not-outbound.ts';
import type { Source } from '../../../platform/kernel/composition.ts';
import { parseEnvironment, type Variable } from '../../../platform/kernel/environment.ts';
import {
  FAL_BASE_URL,
  FAL_JWKS_URL,
  FAL_KEY,
  IMAGE_PROVIDERS,
  OPENAI_API_KEY,
  OPENAI_BASE_URL,
  RUNPOD_API_KEY,
  RUNPOD_BASE_URL,
  RUNPOD_ENDPOINT,
  RUNPOD_FILE_HOSTS,
} from '../variables.ts';
import { falFileHosts } from './fal/file-hosts.ts';
import type { ImageProviderName } from './provider-names.ts';

/** What each provider needs, and the variables that name its servers. */
const needs: Record<ImageProviderName, { variables: Variable[]; servers: Variable<string, string>[] }> = {
  local: { variables: [], servers: [] },
  fal: { variables: [FAL_KEY], servers: [FAL_BASE_URL, FAL_JWKS_URL] },
  runpod: { variables: [RUNPOD_API_KEY, RUNPOD_ENDPOINT], servers: [RUNPOD_BASE_URL] },
  openai: { variables: [OPENAI_API_KEY], servers: [OPENAI_BASE_URL] },
};

/** A line for each mistake in the settings of enabled providers. */
export function checkImageSettings(source: Source): string[] {
  const { values } = parseEnvironment([IMAGE_PROVIDERS, FAL_BASE_URL, RUNPOD_FILE_HOSTS], source);
  const enabled = values.IMAGE_PROVIDERS ?? [];
  const isRealFal = values.FAL_BASE_URL !== undefined && new URL(values.FAL_BASE_URL).host.endsWith('.fal.run');
  const files = {
    local: [],
    fal: isRealFal ? falFileHosts : [],
    runpod: values.RUNPOD_FILE_HOSTS ?? [],
    openai: [],
  } satisfies Record<ImageProviderName, readonly string[]>;
  return enabled.flatMap((provider) => [
    ...needs[provider].variables
      .filter(({ name }) => !source[name])
      .map(({ name }) => `${name}: missing: must be set when IMAGE_PROVIDERS names ${provider}`),
    ...needs[provider].servers.flatMap((server) => notOutbound(server, source)),
    ...files[provider]
      .filter((host) => URL.canParse(`https://${host}`))
      .flatMap((host) => notAllowed(`https://${host}`, `which has pictures of ${provider}`, source)),
  ]);
}
