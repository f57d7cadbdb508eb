import { useQuery } from '@tanstack/react-query';
import { useClient } from '../app/client.tsx';

/** A document with its stored text and where its pages start; neither changes once it is there. */
export function useDocument(documentId: string) {
  const { api } = useClient();
  const params = { path: { id: documentId } };
  const forEver = { staleTime: Number.POSITIVE_INFINITY };
  const document = useQuery({
    queryKey: ['getDocument', documentId],
    queryFn: async ({ signal }) => (await api.GET('/api/documents/{id}', { params, signal })).data,
  });
  const text = useQuery({
    queryKey: ['getDocumentText', documentId],
    queryFn: async ({ signal }) =>
      (await api.GET('/api/documents/{id}/text', { params, parseAs: 'text', signal })).data as string,
    ...forEver,
  });
  const pages = useQuery({
    queryKey: ['readDocumentPages', documentId],
    queryFn: async ({ signal }) => {
      // Words of scans come with the pages that are looked at.
      const query = { firstPage: 1, lastPage: 1 };
      return (await api.GET('/api/documents/{id}/pages', { params: { ...params, query }, signal })).data.pageStarts;
    },
    ...forEver,
  });
  const all = [document, text, pages];
  return {
    document: document.data,
    text: text.data,
    pageStarts: pages.data,
    error: all.find(({ error }) => error)?.error,
    retry: () => {
      for (const query of all) if (query.isError) void query.refetch();
    },
  };
}
