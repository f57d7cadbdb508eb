import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { saveFile } from '../../app/download.ts';
import { useWords } from '../../app/language.tsx';
import { isAtLeast, type Me, useMe, useReloadMe } from '../../app/me.ts';
import { Failure, useProblem } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Field } from '../../parts/field.tsx';
import { Loading } from '../../parts/loading.tsx';
import { NotAllowed } from '../../parts/not-allowed.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Screen } from '../../parts/screen.tsx';
import { words } from './words.ts';

export default function Data() {
  const texts = useWords(words);
  const me = useMe();
  return (
    <Screen heading={texts.heading}>
      {me === undefined ? (
        <Loading />
      ) : isAtLeast(me.role, 'owner') ? (
        <OwnerActs me={me} />
      ) : (
        <NotAllowed least="owner" />
      )}
    </Screen>
  );
}

function OwnerActs({ me }: { me: Me }) {
  const texts = useWords(words);
  return (
    <>
      <section className="grid justify-items-start gap-3">
        <h2>{texts.export}</h2>
        <p>{texts.exportText}</p>
        <ExportButton />
      </section>
      <section className="grid gap-3 rounded-xl border border-danger p-5">
        <h2>{texts.erase}</h2>
        <p>{texts.eraseText}</p>
        <Notice tone="warn">{texts.exportFirst}</Notice>
        <div>
          <ExportButton />
        </div>
        <EraseForm name={me.organization.name} />
      </section>
    </>
  );
}

function ExportButton() {
  const texts = useWords(words);
  const { api } = useClient();
  const download = useMutation({
    async mutationFn() {
      const { data, response } = await api.GET('/api/organization/export', { parseAs: 'blob' });
      saveFile(response, data as unknown as Blob, 'pandect.zip');
    },
  });
  return (
    <>
      <Button kind="secondary" busy={download.isPending} onClick={() => download.mutate()}>
        {texts.download}
      </Button>
      {download.error ? <Failure error={download.error} /> : null}
    </>
  );
}

function EraseForm({ name }: { name: string }) {
  const texts = useWords(words);
  const { api, session } = useClient();
  const problem = useProblem();
  const reloadMe = useReloadMe();
  const [typed, setTyped] = useState('');
  const erase = useMutation({
    mutationFn: () => api.DELETE('/api/organization', { body: { name: typed } }),
    onMutate: problem.clear,
    onError(error) {
      problem.show(error);
      // The organization may have been renamed since its name was read.
      void reloadMe();
    },
    onSuccess: () => session.signOut(),
  });
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        erase.mutate();
      }}
    >
      <Field
        label={texts.typeName(name)}
        value={typed}
        autoComplete="off"
        error={problem.fields.name ? texts.renamed : problem.message}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Button
        kind="danger"
        type="submit"
        className="justify-self-start"
        disabled={typed !== name}
        busy={erase.isPending}
      >
        {texts.eraseNow}
      </Button>
    </form>
  );
}
