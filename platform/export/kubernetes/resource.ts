import { stringify } from 'yaml';

/** An object of Kubernetes as it is written to a file. */
export interface Resource {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

/** Texts by their paths below the folder of the export. */
export type Files = Readonly<Record<string, string>>;

/** Resources of one file, as YAML documents. */
export const toYaml = (...resources: readonly object[]): string =>
  resources.map((each) => stringify(each, { lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');

/** A folder that `kubectl apply -k` takes. @param resources files in it, or other folders */
export const kustomization = (fields: { resources: readonly string[] } & Record<string, unknown>): string =>
  toYaml({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...fields });
