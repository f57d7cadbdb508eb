import { NetworkError, ProblemError } from '@pandect/client';
import { useState } from 'react';
import { Notice } from '../parts/notice.tsx';
import { planLimitText } from '../parts/plan-limit.ts';
import { type Language, useLanguage } from './language.tsx';

const SERVER_FAILURE = 500;
const TOO_MANY_REQUESTS = 429;
const NOT_FOUND = 404;
/** Where the API found the value: fields of forms stand in the body. */
const IN_BODY = /^body\./;

const words = {
  en: {
    offline: 'No connection to the server. Check the network and try again.',
    unexpected: 'Something went wrong. Try again; if it happens again, tell your administrator.',
  },
  ru: {
    offline: 'Нет связи с сервером. Проверьте сеть и повторите попытку.',
    unexpected: 'Произошла ошибка. Повторите попытку; если ошибка повторится, сообщите администратору.',
  },
};

/** Whether the same call may succeed a little later: lost connections, limits by time and failures of the server. */
export function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof ProblemError)) return error instanceof NetworkError;
  return error.problem.status >= SERVER_FAILURE || error.problem.status === TOO_MANY_REQUESTS;
}

/** A failure as a sentence for the person: the server's own words, which are in the language of the page. */
export function useFailureText(): (error: unknown) => string {
  const { language } = useLanguage();
  return (error) => failureText(language, error);
}

export function failureText(language: Language, error: unknown): string {
  const texts = words[language];
  if (error instanceof NetworkError) return texts.offline;
  // A proxy in front of the server says nothing that helps a reader.
  if (!(error instanceof ProblemError) || error.problem.type === 'about:blank') return texts.unexpected;
  return planLimitText(language, error) ?? (error.problem.detail || error.problem.title || texts.unexpected);
}

export const isMissing = (error: unknown): boolean =>
  error instanceof ProblemError && error.problem.status === NOT_FOUND;

/** What does not exist is not asked for again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const describe = useFailureText();
  return (
    <Notice tone="danger" {...(onRetry && !isMissing(error) ? { onRetry } : {})}>
      {describe(error)}
    </Notice>
  );
}

export interface FormProblem {
  /** What is wrong as a whole; absent while only fields are wrong. */
  message: string | undefined;
  /** What is wrong with a field, by its name in the request. */
  fields: Record<string, string>;
}

/** Keeps what the server said about a form: `show(error)` after a failure, `clear()` before the next attempt. */
export function useProblem() {
  const describe = useFailureText();
  const [problem, setProblem] = useState<FormProblem>({ message: undefined, fields: {} });
  return {
    ...problem,
    /** Says something else than the server did. */
    say: (message: string) => setProblem({ message, fields: {} }),
    clear: () => setProblem({ message: undefined, fields: {} }),
    show(error: unknown) {
      const errors = error instanceof ProblemError ? (error.problem.errors ?? []) : [];
      const fields = Object.fromEntries(errors.map(({ path, message }) => [path.replace(IN_BODY, ''), message]));
      setProblem({ message: errors.length > 0 ? undefined : describe(error), fields });
    },
  };
}
