import { normalizeWords } from '../deck/find-cards.ts';

/** Parts of normalized texts; they begin at a word. */
const signs = [
  // Russian
  'суицид',
  'самоуби(?:й|ть)',
  'самоповрежд',
  'селфхарм',
  '(?:убить|убью|порезать|порежу|режу) себя',
  'себя (?:убить|убью)',
  'поконч(?:ить|у) (?:с (?:собой|жизнью)|жизнь)',
  '(?:с собой|жизнь самоубийством) поконч(?:ить|у)',
  'не (?:хочу|хочется|могу) (?:больше |дальше )?жить(?! (?:в|с|со|на|у|за|при|здесь|тут|вместе) )',
  'жить (?:больше |дальше )?не (?:хочу|хочется|могу)',
  '(?:хочу|хочется|лучше бы мне) (?:умереть|сдохнуть|не просыпаться)',
  '(?:умереть|сдохнуть) (?:хочу|хочется)',
  '(?:нет|не вижу) смысла (?:больше |дальше )?жить',
  'незачем (?:больше |дальше )?жить',
  'налож(?:ить|у) на себя руки',
  '(?:спрыгнуть|прыгну|прыгнуть) (?:с крыши|с моста|из окна)',
  '(?:повеситься|повешусь|вскрыть вены|вскрою вены|порезать вены)',
  // English
  'suicid',
  '(?:kill|killing|hurt|hurting|harm|harming|cut|cutting) my ?self',
  'self harm',
  'end(?:ing)? (?:my life|it all)',
  'tak(?:e|ing) my (?:own )?life',
  '(?:want|wish) to (?:die|be dead)',
  'wish i (?:was|were) dead',
  '(?:don t|dont|do not|not) want to (?:live|be alive|wake up)',
  'no (?:reason|point) (?:to|in) (?:live|living|go on)',
  'better off (?:dead|without me)',
  'hang my ?self',
];

const crisis = new RegExp(`(?<![a-zа-я])(?:${signs.join('|')})`);

/** Whether a person writes of suicide or of harming themselves, and needs people instead of cards. */
export const isCrisis = (text: string): boolean => crisis.test(normalizeWords(text.replace(/\p{Cf}/gu, '')));
