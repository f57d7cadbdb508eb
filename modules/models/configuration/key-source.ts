import type { Environment } from '../../../platform/kernel/environment.ts';
import {
  AI_EMBEDDING_API_KEY,
  AI_EMBEDDING_CA_PATH,
  ANTHROPIC_API_KEY,
  AZURE_OPENAI_API_KEY,
  COHERE_API_KEY,
  GIGACHAT_CA_PATH,
  GIGACHAT_KEY,
  OPENAI_API_KEY,
  OPENAI_CA_PATH,
  YANDEX_API_KEY,
} from '../variables.ts';
import type { GatewayDocument, KeySource } from './contract.ts';

/** Variables that may hold a provider's key: processes are given these and no others. */
export const keyVariables = [
  OPENAI_API_KEY,
  AI_EMBEDDING_API_KEY,
  ANTHROPIC_API_KEY,
  GIGACHAT_KEY,
  YANDEX_API_KEY,
  COHERE_API_KEY,
  AZURE_OPENAI_API_KEY,
];
export type KeyVariable = (typeof keyVariables)[number]['name'];
export const keyNames: readonly string[] = keyVariables.map(({ name }) => name);

/** Variables that may name the PEM file of a provider: processes may read these files and no others. */
export const fileVariables = [OPENAI_CA_PATH, AI_EMBEDDING_CA_PATH, GIGACHAT_CA_PATH];

/** Paths of PEM files by the variables that name them. */
export const filesOf = (settings: Environment<(typeof fileVariables)[number]>): Map<string, string> =>
  new Map(
    fileVariables.flatMap(({ name }): [string, string][] => {
      const path = settings[name];
      return path === undefined ? [] : [[name, path]];
    }),
  );

/** The secret of a key; undefined when it is not there. */
export type SecretOf = (source: KeySource) => string | undefined;

/** Reads keys from the environment, and those that were entered from `entered`, by their names. */
export const secretsFrom =
  (
    environment: Environment<(typeof keyVariables)[number]>,
    entered: ReadonlyMap<string, string | undefined>,
  ): SecretOf =>
  (source) => {
    if ('secret' in source) return entered.get(source.secret);
    return keyNames.includes(source.env) ? environment[source.env as KeyVariable] : undefined;
  };

/** How it is named in messages, and where a key's id begins with it. */
export const nameOf = (source: KeySource): string => ('env' in source ? source.env : source.secret);

/** All keys of a document. */
export const keysNamedBy = ({ providers }: GatewayDocument): KeySource[] =>
  Object.values(providers).flatMap(({ keys = [] }) => keys);
