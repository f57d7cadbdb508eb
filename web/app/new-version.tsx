import { useEffect, useState } from 'react';
import { Button } from '../parts/button.tsx';
import { useClient } from './client.tsx';
import { useWords } from './language.tsx';

const words = {
  en: { ready: 'A new version of Pandect is ready.', reload: 'Reload' },
  ru: { ready: 'Доступна новая версия Pandect.', reload: 'Обновить страницу' },
};

/** On every answer of the API: digest of its description, and the release of the app that is served now. */
const HEADERS = ['Pandect-Api', 'Pandect-Site'];

/** Says so when the API or the app differs from what the page was loaded with. The person chooses the moment to reload. */
export function NewVersionBar() {
  const texts = useWords(words);
  const isNew = useNewVersion();
  return (
    <div role="status">
      {isNew ? (
        <p className="flex items-center justify-center gap-3 bg-accent-soft px-4 py-1 text-sm">
          {texts.ready}
          <Button kind="quiet" onClick={() => window.location.reload()}>
            {texts.reload}
          </Button>
        </p>
      ) : null}
    </div>
  );
}

function useNewVersion(): boolean {
  const client = useClient();
  const [isNew, setIsNew] = useState(false);
  useEffect(() => {
    let first: string | undefined;
    return client.onResponse(({ headers }) => {
      if (HEADERS.every((name) => !headers.get(name))) return;
      const version = HEADERS.map((name) => headers.get(name)).join(' ');
      first ??= version;
      if (version !== first) setIsNew(true);
    });
  }, [client]);
  return isNew;
}
