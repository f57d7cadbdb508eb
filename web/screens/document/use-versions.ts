import type { Client, Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';

type Document = Schemas['Document'];

/** Versions that are shown; each is a request. */
const MOST_VERSIONS = 30;

/** All versions of a document, the newest first. */
export function useVersions(document: Document | undefined) {
  const { api } = useClient();
  return useQuery({
    queryKey: ['versionsOf', document?.id, document?.replaces, document?.replacedBy],
    queryFn: ({ signal }) => readVersions(document as Document, (id) => getDocument(api, id, signal)),
    enabled: document !== undefined && (document.replaces !== null || document.replacedBy !== null),
  });
}

async function getDocument(api: Client['api'], id: string, signal: AbortSignal): Promise<Document | undefined> {
  const { data } = await api
    .GET('/api/documents/{id}', { params: { path: { id } }, signal })
    .catch(() => ({ data: undefined }));
  return data;
}

/** Follows the chain from one version both ways; where one was deleted, it ends. */
export async function readVersions(
  document: Document,
  read: (id: string) => Promise<Document | undefined>,
): Promise<Document[]> {
  const versions = [document];
  const walk = async (next: (document: Document) => string | null, add: (document: Document) => void) => {
    for (let at: Document | undefined = document; at && versions.length < MOST_VERSIONS; ) {
      const id = next(at);
      at = id === null || versions.some((known) => known.id === id) ? undefined : await read(id);
      if (at) add(at);
    }
  };
  await walk(
    ({ replacedBy }) => replacedBy,
    (newer) => versions.unshift(newer),
  );
  await walk(
    ({ replaces }) => replaces,
    (older) => versions.push(older),
  );
  return versions;
}
