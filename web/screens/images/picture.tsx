import type { Schemas } from '@pandect/client';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { saveFile } from '../../app/download.ts';
import { useWords } from '../../app/language.tsx';
import { Failure } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { words } from './words.ts';

type PictureOf = Schemas['Image']['pictures'][number];
type Variant = keyof PictureOf['files'];

/** A picture at the size of a card, and its original to save. Both are fetched with the person's token. */
export function Picture({ generation, picture, prompt }: { generation: string; picture: PictureOf; prompt: string }) {
  const texts = useWords(words);
  const { api } = useClient();
  const fetchVariant = (variant: Variant, download: '0' | '1', signal?: AbortSignal) =>
    api.GET('/api/images/{id}/pictures/{index}/{variant}', {
      params: { path: { id: generation, index: String(picture.index), variant }, query: { download } },
      parseAs: 'blob',
      ...(signal ? { signal } : {}),
    });
  const shown: Variant = picture.files.display ? 'display' : 'original';
  const { data, error, refetch } = useQuery({
    queryKey: ['downloadPicture', generation, picture.index],
    queryFn: async ({ signal }) => (await fetchVariant(shown, '0', signal)).data as unknown as Blob,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const save = useMutation({
    async mutationFn() {
      const { data: blob, response } = await fetchVariant('original', '1');
      saveFile(response, blob as unknown as Blob, `picture-${picture.index}.png`);
    },
  });
  const name = `${texts.picture(picture.index + 1)}: ${prompt}`;
  return (
    <li className="grid content-start gap-2">
      {error ? <Failure error={error} onRetry={() => refetch()} /> : null}
      {data ? (
        <BlobImage blob={data} text={name} picture={picture} />
      ) : (
        <div className="size-64 rounded-lg bg-accent-soft" />
      )}
      <Button kind="secondary" aria-label={texts.saveNamed(name)} busy={save.isPending} onClick={() => save.mutate()}>
        {texts.save}
      </Button>
      {save.error ? <Failure error={save.error} /> : null}
    </li>
  );
}

function BlobImage({ blob, text, picture: { width, height } }: { blob: Blob; text: string; picture: PictureOf }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return <img src={url} alt={text} width={width} height={height} className="size-64 rounded-lg object-contain" />;
}
