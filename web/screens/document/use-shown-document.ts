import { useQuery } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';

/** The document as the server shows it now; the source next to a screen reads the same. */
export function useShownDocument(id: string) {
  const { api } = useClient();
  return useQuery({
    queryKey: ['getDocument', id],
    queryFn: async ({ signal }) => (await api.GET('/api/documents/{id}', { params: { path: { id } }, signal })).data,
  });
}
