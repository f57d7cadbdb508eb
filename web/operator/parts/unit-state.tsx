import { useWords } from '../../app/language.tsx';
import { Badge, type Tone } from './badge.tsx';

const tones: Record<string, Tone> = {
  serving: 'ok',
  asleep: 'info',
  paused: 'warn',
  'backing off': 'danger',
  down: 'danger',
  'not built': 'danger',
};

const en: Record<string, string> = {
  serving: 'serving',
  asleep: 'asleep',
  paused: 'paused',
  'backing off': 'keeps crashing',
  down: 'down',
  'not built': 'not built',
};

const ru: Record<string, string> = {
  serving: 'работает',
  asleep: 'спит',
  paused: 'на паузе',
  'backing off': 'падает раз за разом',
  down: 'не работает',
  'not built': 'не собран',
};

const words = { en, ru };

/** The state of a unit in words. What is asleep is in good order. */
export function UnitState({ state }: { state: string }) {
  const texts = useWords(words);
  return <Badge tone={tones[state] ?? 'quiet'}>{texts[state] ?? state}</Badge>;
}
