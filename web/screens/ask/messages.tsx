import type { Schemas } from '@pandect/client';
import { useLayoutEffect, useRef, useState } from 'react';
import { useWords } from '../../app/language.tsx';
import { Notice } from '../../parts/notice.tsx';
import { AnswerText } from './answer-text.tsx';
import { isOnItsWay, type Passage, type Turn } from './asking.ts';
import { type Sources, UnreadParts } from './unread-parts.tsx';
import { words } from './words.ts';

type Message = Schemas['Message'];

export function Question({ text }: { text: string }) {
  const texts = useWords(words);
  return (
    <article aria-label={texts.you} className="justify-self-end rounded-xl bg-accent-soft px-4 py-3">
      <p dir="auto" className="whitespace-pre-line">
        {text}
      </p>
    </article>
  );
}

type Shown = Pick<Message, 'content' | 'citations' | 'incomplete'> & { answered: boolean };

/** A stored answer; one that says that the documents do not hold it looks different. */
export function Answer({ answer, sources }: { answer: Shown; sources: Sources }) {
  const texts = useWords(words);
  const isRefusal = !answer.answered && !answer.incomplete;
  const look = isRefusal ? 'border-warn bg-warn-soft' : 'border-transparent';
  return (
    <div className={`grid gap-3 rounded-xl border-l-4 px-4 py-3 ${look}`}>
      {isRefusal ? <p className="text-sm font-semibold text-warn">{texts.notFound}</p> : null}
      <AnswerText text={answer.content} citations={answer.citations} />
      <UnreadParts citations={answer.citations} sources={sources} />
      {answer.incomplete ? <Notice tone="warn">{texts.incomplete}</Notice> : null}
    </div>
  );
}

/** A stored message, or a turn whose answer is coming or has come: the element stays the same from its first word on. */
export function AnswerArticle({
  turn,
  message,
  sources,
}: {
  turn?: Turn | undefined;
  message?: Message | undefined;
  sources: Sources;
}) {
  const texts = useWords(words);
  const box = useRef<HTMLElement>(null);
  const [height, setHeight] = useState(0);
  const isBeforeWords = turn !== undefined && turn.text === '' && isOnItsWay(turn);
  // The room that the passages had is kept when the answer takes their place.
  useLayoutEffect(() => {
    if (isBeforeWords) setHeight(box.current?.scrollHeight ?? 0);
  });
  const isComing = isOnItsWay(turn);
  return (
    <article
      ref={box}
      aria-label={texts.answer}
      aria-busy={isComing}
      style={{ minHeight: isBeforeWords ? undefined : height || undefined }}
    >
      {turn && isComing ? <Coming turn={turn} /> : null}
      {turn?.answer ? <Answer answer={{ ...turn.answer, content: turn.answer.answer }} sources={sources} /> : null}
      {message ? <Answer answer={{ ...message, answered: message.answered ?? true }} sources={sources} /> : null}
    </article>
  );
}

function Coming({ turn: { text, passages, state } }: { turn: Turn }) {
  const texts = useWords(words);
  return (
    <div className="grid gap-3 px-4 py-3">
      {text === '' ? (
        <>
          <p className="text-sm text-muted">{passages.length === 0 ? texts.looking : texts.reading}</p>
          <Passages passages={passages} />
        </>
      ) : (
        <AnswerText text={text} citations={[]} notes={passages.length} />
      )}
      {state === 'lost' ? <p className="text-sm text-warn">{texts.lost}</p> : null}
    </div>
  );
}

function Passages({ passages }: { passages: readonly Passage[] }) {
  const texts = useWords(words);
  return (
    <ul className="grid gap-2">
      {passages.map(({ number, title, page, text }) => (
        <li key={number} className="rounded-md border border-line px-3 py-2 text-sm text-muted">
          <p className="font-medium text-ink">
            {title}
            {page === null ? '' : ` · ${texts.page(page)}`}
          </p>
          <p dir="auto" className="line-clamp-2">
            {text}
          </p>
        </li>
      ))}
    </ul>
  );
}
