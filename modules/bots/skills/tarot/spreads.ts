import type { Language } from '../../../../platform/kernel/problem.ts';

type Words = Record<Language, string>;

/** A way to lay cards. Each place has a name, which says what its card is about. */
export interface Spread {
  name: string;
  title: Words;
  positions: readonly SpreadPosition[];
}

export interface SpreadPosition {
  name: Words;
  /** Its card lies across another and has no reversal. */
  isCrossing?: boolean;
}

const at = (en: string, ru: string): SpreadPosition => ({ name: { en, ru } });

/** Told by its own command, without a question. */
export const dailySpread: Spread = {
  name: 'day',
  title: { en: 'Card of the day', ru: 'Карта дня' },
  positions: [at('Today', 'Сегодня')],
};

/** Those that a question can be put to, in the order of the menu. */
export const spreads: readonly Spread[] = [
  {
    name: 'yesno',
    title: { en: 'Yes or no', ru: 'Да или нет' },
    positions: [at('Answer', 'Ответ')],
  },
  {
    name: 'time',
    title: { en: 'Past – present – future', ru: 'Прошлое – настоящее – будущее' },
    positions: [at('Past', 'Прошлое'), at('Present', 'Настоящее'), at('Future', 'Будущее')],
  },
  {
    name: 'action',
    title: { en: 'Situation – action – outcome', ru: 'Ситуация – действие – итог' },
    positions: [at('Situation', 'Ситуация'), at('Action', 'Действие'), at('Outcome', 'Итог')],
  },
  {
    name: 'five',
    title: { en: 'Five cards', ru: 'Пять карт' },
    positions: [
      at('The heart of the matter', 'Суть вопроса'),
      at('What helps', 'Что помогает'),
      at('What hinders', 'Что мешает'),
      at('Advice', 'Совет'),
      at('Likely outcome', 'Вероятный итог'),
    ],
  },
  {
    name: 'horseshoe',
    title: { en: 'Horseshoe (seven cards)', ru: 'Подкова (семь карт)' },
    positions: [
      at('Past', 'Прошлое'),
      at('Present', 'Настоящее'),
      at('Hidden influences', 'Скрытые влияния'),
      at('Obstacle', 'Препятствие'),
      at('People around', 'Окружение'),
      at('Advice', 'Совет'),
      at('Outcome', 'Итог'),
    ],
  },
  {
    name: 'relationship',
    title: { en: 'Relationship (seven cards)', ru: 'Отношения (семь карт)' },
    positions: [
      at('You', 'Вы'),
      at('The other person', 'Другой человек'),
      at('What connects you', 'Что вас связывает'),
      at('What divides you', 'Что вас разделяет'),
      at('What you give', 'Что Вы даёте'),
      at('What you receive', 'Что Вы получаете'),
      at('Where it leads', 'К чему это ведёт'),
    ],
  },
  {
    name: 'celtic',
    title: { en: 'Celtic Cross (ten cards)', ru: 'Кельтский крест (десять карт)' },
    positions: [
      at('The heart of the matter', 'Суть вопроса'),
      { ...at('What crosses it', 'Что этому противостоит'), isCrossing: true },
      at('The root', 'Основа'),
      at('The past', 'Прошлое'),
      at('What crowns it', 'Вершина'),
      at('The near future', 'Ближайшее будущее'),
      at('You yourself', 'Вы сами'),
      at('The surroundings', 'Окружение'),
      at('Hopes and fears', 'Надежды и страхи'),
      at('The outcome', 'Итог'),
    ],
  },
];

export const findSpread = (name: string): Spread | undefined =>
  [dailySpread, ...spreads].find((spread) => spread.name === name);
