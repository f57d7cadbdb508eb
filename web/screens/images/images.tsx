import type { Schemas } from '@pandect/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useClient } from '../../app/client.tsx';
import { useLanguage, useWords } from '../../app/language.tsx';
import { isAtLeast, useMe } from '../../app/me.ts';
import { formatNumber } from '../../app/plural.ts';
import { Failure } from '../../app/problem.tsx';
import { usePages } from '../../app/use-pages.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmButton } from '../../parts/confirm.tsx';
import { Empty } from '../../parts/empty.tsx';
import { NotAllowed } from '../../parts/not-allowed.tsx';
import { Paged } from '../../parts/paged.tsx';
import { Screen } from '../../parts/screen.tsx';
import { Time } from '../../parts/time.tsx';
import { ImageForm } from './image-form.tsx';
import { Picture } from './picture.tsx';
import { words } from './words.ts';

type Image = Schemas['Image'];

/** While something is on the way, the list is read again this often. */
const REFRESH_MS = 2000;

const onTheWay = new Set<Image['status']>(['queued', 'submitting', 'waiting', 'running', 'storing']);

export default function Images() {
  const texts = useWords(words);
  const me = useMe();
  const { api } = useClient();
  const pages = usePages(
    ['listImageGenerations'],
    async (query, signal) => (await api.GET('/api/images', { signal, params: { query } })).data,
    (images) => images.some(({ status }) => onTheWay.has(status)) && REFRESH_MS,
  );
  const may = isAtLeast(me?.role, 'member');
  return (
    <Screen heading={texts.heading} wide>
      {may ? <ImageForm /> : me ? <NotAllowed least="member" /> : null}
      <Paged pages={pages} empty={<Empty>{may ? texts.none : texts.noneMade}</Empty>}>
        {(images) => (
          <ul className="grid gap-4">
            {images.map((image) => (
              <Generation key={image.id} image={image} />
            ))}
          </ul>
        )}
      </Paged>
    </Screen>
  );
}

function Generation({ image }: { image: Image }) {
  const texts = useWords(words);
  const { language } = useLanguage();
  const { api } = useClient();
  const queries = useQueryClient();
  const { id, prompt, status, reason, position, progress, pictures, model, createdAt } = image;
  const refresh = () => queries.invalidateQueries({ queryKey: ['listImageGenerations'] });
  const cancel = useMutation({
    mutationFn: () => api.POST('/api/images/{id}/cancel', { params: { path: { id } } }),
    onSuccess: refresh,
  });
  const share = progress ? Math.round((progress.done / progress.total) * 100) : undefined;
  return (
    <li className="grid gap-3 rounded-xl border border-line bg-surface p-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="font-medium">{prompt}</p>
          <p className="text-sm text-muted">
            {model} · <Time at={createdAt} />
          </p>
        </div>
        {onTheWay.has(status) ? (
          <Button
            kind="secondary"
            aria-label={texts.cancelNamed(prompt)}
            disabled={image.cancelAsked}
            busy={cancel.isPending}
            onClick={() => cancel.mutate()}
          >
            {texts.cancel}
          </Button>
        ) : (
          <ConfirmButton
            text={texts.remove}
            name={texts.removeNamed(prompt)}
            question={texts.removeAsk}
            act={async () => {
              await api.DELETE('/api/images/{id}', { params: { path: { id } } });
              await refresh();
            }}
          />
        )}
      </div>
      <p className="text-sm">
        {texts.states[status]}
        {position === null ? '' : `, ${texts.place(formatNumber(language, position))}`}
        {share === undefined ? '' : `, ${share} %`}
        {reason ? `. ${reason.message}` : ''}
      </p>
      {cancel.error && onTheWay.has(status) ? <Failure error={cancel.error} /> : null}
      <ul className="flex flex-wrap gap-3">
        {pictures.map((picture) => (
          <Picture key={picture.index} generation={id} picture={picture} prompt={prompt} />
        ))}
      </ul>
    </li>
  );
}
