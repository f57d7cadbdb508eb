import type { ErrorComponentProps } from '@tanstack/react-router';
import { Link } from '@tanstack/react-router';
import { useWords } from './language.tsx';
import { isMissingPart, MissingPart } from './missing-part.tsx';
import { Failure } from './problem.tsx';

const words = {
  en: {
    heading: 'This page could not be shown',
    missing: 'Page not found',
    explain: 'The address may be wrong, or you may not have access to it.',
    home: 'To the start page',
  },
  ru: {
    heading: 'Не удалось показать страницу',
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
