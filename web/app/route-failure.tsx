import type { ErrorComponentProps } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Notice } from '../parts/notice.tsx';
import { useWords } from './language.tsx';
import { isMissingPart, reloadOnce } from './missing-part.ts';
import { useOnline } from './offline-bar.tsx';
import { Failure } from './problem.tsx';

const words = {
  en: {
    heading: 'This page could not be shown',
    notLoaded: 'It could not be loaded. Check the network and try again.',
    whenOnline: 'It was not opened before and is loaded as soon as the network is back.',
    missing: 'Page not found',
    explain: 'The address may be wrong, or you may not have access to it.',
    home: 'To the start page',
  },
  ru: {
    heading: 'Не удалось показать страницу',
    notLoaded: 'Не удалось загрузить её. Проверьте сеть и повторите попытку.',
    whenOnline: 'Она ещё не открывалась и загрузится, как только появится сеть.',
    missing: 'Страница не найдена',
    explain: 'Возможно, адрес указан неверно или у Вас нет доступа.',
    home: 'На главную',
  },
};

export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const texts = useWords(words);
  return (
    <main className="mx-auto grid max-w-xl gap-4 p-6">
      <h1>{texts.heading}</h1>
      {isMissingPart(error) ? <MissingPart /> : <Failure error={error} onRetry={reset} />}
    </main>
  );
}

function MissingPart() {
  const texts = useWords(words);
  const online = useOnline();
  useEffect(() => {
    if (online) void reloadOnce();
  }, [online]);
  if (!online) return <Notice tone="warn">{texts.whenOnline}</Notice>;
  return (
    <Notice tone="warn" onRetry={() => window.location.reload()}>
      {texts.notLoaded}
    </Notice>
  );
}

/** What is missing and what is forbidden look alike, so that an address tells strangers nothing. */
export function NotFound() {
  const texts = useWords(words);
  return (
    <main className="mx-auto grid max-w-xl gap-4 p-6">
      <h1>{texts.missing}</h1>
      <p>{texts.explain}</p>
      <p>
        <Link to="/">{texts.home}</Link>
      </p>
    </main>
  );
}
