import { ProblemError, type Schemas } from '@pandect/client';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from '../../app/client.tsx';
import { useWords } from '../../app/language.tsx';
import { Failure, isMissing } from '../../app/problem.tsx';
import { Button } from '../../parts/button.tsx';
import { Loading } from '../../parts/loading.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Screen } from '../../parts/screen.tsx';
import { useCitations } from '../../source/cited.ts';
import { isOnItsWay } from './asking.ts';
import { Composer } from './composer.tsx';
import { type ChosenDocument, NEW } from './kept.ts';
import { Actions } from './manage/actions.tsx';
import { AnswerArticle, Question } from './messages.tsx';
import { Unanswered } from './unanswered.tsx';
import { readConversation, useAsking } from './use-asking.ts';
import { useEarlier } from './use-earlier.ts';
import { useFollowEnd } from './use-follow-end.ts';
import { useSpoken } from './use-spoken.ts';
import { words } from './words.ts';

type Message = Schemas['Message'];

export function Conversation({ slot }: { slot: string }) {
  const texts = useWords(words);
  const client = useClient();
  const { asking, kept, turn, names, onBegun, spoken, own } = useAsking(slot);
  const [draft, setDraft] = useState(() => kept.draft(slot));
  const [chosen, setChosen] = useState(() => kept.chosen(slot));
  const [notice, setNotice] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const { isAway, toEnd } = useFollowEnd(list);
  const navigate = useNavigate();
  const stored = useQuery({ ...readConversation(client, slot), enabled: slot !== NEW });
  const earlier = useEarlier(slot, stored.data?.earlierCursor ?? null);
  const messages = useMemo<Message[]>(
    () => [...earlier.messages, ...(stored.data?.messages ?? [])],
    [earlier.messages, stored.data],
  );
  const sources = useMemo(() => {
    const known = [...earlier.sources, ...(stored.data?.sources ?? []), ...(turn?.answer?.sources ?? [])];
    return new Map(known.map((source) => [source.documentId, source]));
  }, [earlier.sources, stored.data, turn?.answer]);
  const cited = useMemo(
    () => [...messages.flatMap(({ citations }) => citations), ...(turn?.answer?.citations ?? [])],
    [messages, turn?.answer],
  );
  useCitations(cited);
  const status = useSpoken(slot, turn, spoken);

  const keepDraft = (text: string) => {
    setDraft(text);
    kept.keepDraft(slot, text);
  };
  const keepChosen = (documents: readonly ChosenDocument[]) => {
    setChosen(documents);
    kept.keepChosen(slot, documents);
  };
  const isStopped = turn?.error instanceof ProblemError && turn.error.is('answer-stopped');
  useEffect(() => {
    if (!isStopped || !turn) return;
    const text = kept.draft(slot) || turn.question;
    kept.keepDraft(slot, text);
    setDraft(text);
    setNotice(true);
    asking.dismiss(slot);
  }, [isStopped, turn, kept, slot, asking]);
  useEffect(() => {
    if (slot !== NEW) return;
    const begun = (id: string) => {
      own.hadFocus = document.activeElement === field.current;
      void navigate({ to: '/c/$id', params: { id }, search: (before) => before, replace: true, resetScroll: false });
    };
    onBegun.add(begun);
    return () => void onBegun.delete(begun);
  }, [slot, own, onBegun, navigate]);
  useEffect(() => {
    if (slot === NEW || !own.hadFocus) return;
    field.current?.focus({ preventScroll: true });
    own.hadFocus = false;
  }, [slot, own]);

  const ask = () => {
    setNotice(false);
    asking.ask(slot, draft.trim(), chosen);
    keepDraft('');
    toEnd();
  };
  const conversation = stored.data;
  const isOwn = conversation?.isOwn ?? true;
  const isEmpty = slot === NEW && !turn;
  return (
    <Screen
      oneLine
      heading={conversation?.title ?? texts.heading}
      actions={conversation ? <Actions conversation={conversation} /> : null}
    >
      <p role="status" className="sr-only">
        {status}
      </p>
      {slot !== NEW && stored.isPending ? <Loading /> : null}
      {stored.error ? <Failure error={stored.error} onRetry={() => stored.refetch()} /> : null}
      {isEmpty ? (
        <p className="text-muted">
          {texts.intro} <Link to="/documents">{texts.upload}</Link>
        </p>
      ) : null}
      <div ref={list} className="grid gap-6">
        {earlier.hasMore ? (
          <Button kind="secondary" className="justify-self-center" busy={earlier.isLoading} onClick={earlier.load}>
            {texts.earlier}
          </Button>
        ) : null}
        {messages.map((message) => {
          const key = names.get(message.id) ?? message.id;
          return message.role === 'user' ? (
            <Question key={key} text={message.content} />
          ) : (
            <AnswerArticle key={key} message={message} sources={sources} />
          );
        })}
        {turn ? <Question key={`${turn.key}-question`} text={turn.question} /> : null}
        {turn && turn.state !== 'failed' ? (
          <AnswerArticle key={`${turn.key}-answer`} turn={turn} sources={sources} />
        ) : null}
        {turn?.state === 'failed' && !isStopped ? (
          <Unanswered
            error={turn.error}
            onRetry={() => asking.retry(slot)}
            onEdit={() => {
              keepDraft(turn.question);
              asking.dismiss(slot);
              field.current?.focus();
            }}
          />
        ) : null}
        {notice ? <Notice>{texts.stopped}</Notice> : null}
      </div>
      <div className="sticky bottom-16 grid justify-items-center gap-2 bg-paper pb-2 md:bottom-0 md:pb-6">
        {isAway ? (
          <Button kind="secondary" onClick={toEnd}>
            {texts.toEnd}
          </Button>
        ) : null}
        <div className="w-full">
          {isMissing(stored.error) ? (
            <Link to="/">{texts.another}</Link>
          ) : isOwn ? (
            <Composer
              field={field}
              text={draft}
              isBusy={isOnItsWay(turn)}
              isStopping={turn?.state === 'stopping'}
              chosen={chosen}
              onText={keepDraft}
              onChoose={keepChosen}
              onAsk={ask}
              onStop={() => asking.stop(slot)}
            />
          ) : (
            <Notice>{texts.readOnly(conversation?.owner.email ?? '', conversation?.sharedAt !== null)}</Notice>
          )}
        </div>
      </div>
    </Screen>
  );
}
