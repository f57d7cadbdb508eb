import type { Language } from '../../../../../platform/kernel/problem.ts';

type Names = readonly [string, ...string[]];

/** A suit of the minor arcana. The first of its names is the one that readings use; Russian ones stand in the genitive. */
export interface Suit {
  name: 'wands' | 'cups' | 'swords' | 'pentacles';
  element: Record<Language, string>;
  en: Names;
  ru: Names;
  /** How people write it; `~` stands for any ending of a Russian word. */
  patterns: readonly string[];
}

export const suits: readonly Suit[] = [
  {
    name: 'wands',
    element: { en: 'fire', ru: 'огонь' },
    en: ['Wands', 'Staves', 'Rods'],
    ru: ['Жезлов', 'Посохов'],
    patterns: ['wands?', 'staves', 'staffs?', 'rods?', 'жезл~', 'посох~', 'скипетр~'],
  },
  {
    name: 'cups',
    element: { en: 'water', ru: 'вода' },
    en: ['Cups', 'Chalices'],
    ru: ['Кубков', 'Чаш'],
    patterns: ['cups?', 'chalices?', 'кубок', 'кубк~', 'чаш~'],
  },
  {
    name: 'swords',
    element: { en: 'air', ru: 'воздух' },
    en: ['Swords'],
    ru: ['Мечей'],
    patterns: ['swords?', 'меч~'],
  },
  {
    name: 'pentacles',
    element: { en: 'earth', ru: 'земля' },
    en: ['Pentacles', 'Coins', 'Disks'],
    ru: ['Пентаклей', 'Денариев', 'Монет', 'Дисков'],
    patterns: ['pentacles?', 'coins?', 'dis[ck]s?', 'пентакл~', 'денари~', 'монет~', 'диск~'],
  },
];
