import { useEffect, useState } from 'react';
import { useWords } from '../../app/language.tsx';
import { isOnItsWay, type Turn } from './asking.ts';
import { spokenAnswer } from './read-answer.ts';
import type { Spoken } from './use-asking.ts';
import { words } from './words.ts';

/** An answer is read out if it came so lately: the screen of a new conversation may be made after it. */
const LATELY_MS = 10_000;
/** A status that is there from the beginning is not read out. */
const AFTER_MS = 100;

/** What a screen reader says: that the answer is worked on, and then all of it once. */
export function useSpoken(slot: string, turn: Turn | undefined, spoken: Spoken | undefined): string {
  const texts = useWords(words);
  const [text, setText] = useState('');
  const isComing = isOnItsWay(turn);
  const isLate = spoken?.conversationId === slot && performance.now() - spoken.at < LATELY_MS;
  const answer = turn?.answer?.answer ?? (isLate ? spoken?.text : undefined);
  useEffect(() => {
    if (!isComing && answer === undefined) return;
    const timer = setTimeout(() => setText(isComing ? texts.working : spokenAnswer(answer ?? '')), AFTER_MS);
    return () => clearTimeout(timer);
  }, [isComing, answer, texts]);
  return text;
}
