/*
 * Whether letters read like a language: the frequent pairs of letters make up over a third of Russian and English words,
 * and a twentieth of what wrong character maps and poor recognition make of them.
 */

const pairs = (text: string) => new Set(text.split(' '));
const english = pairs(
  'th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro ic ne ea ra ce li ch ll be ma si om ur la el ta et ec ns us tr ee pa mo lo ag di ur un ac sh em ny ss wi am pr il po su ho no ct ly ge na id rt fo ai',
);
const russian = pairs(
  'ст но то на ен ов ни ра во ко ро по не ос ет го ре пр ер ть ол ор ли та ан ал ит ел де ри ле ом ла ва ть ие ия ть ес ин те ло от ск од ти за он да ак ам ил об ми до ве же ат ки ем ме ту тс ся че ть ис ие из бо оя ой ых ии дл ля ав ог ру уб бл ль рн ар дн аю ют щи ци аз ед ей',
);

/** Below it a text is no language, above it most likely one: shares of frequent pairs among all pairs within words. */
const leastShare = 0.25;
const leastPairs = 24;

export interface Likeness {
  /** Share of frequent pairs, 0 to 1. */
  share: number;
  /** How many pairs of letters there were to judge by. */
  pairs: number;
}

export function likeness(text: string): Likeness {
  let known = 0;
  let all = 0;
  for (const [word] of text.matchAll(/[a-z]{2,40}|[а-яё]{2,40}/giu)) {
    const letters = word.toLowerCase();
    const frequent = /[a-z]/.test(letters) ? english : russian;
    for (let at = 0; at + 1 < letters.length; at += 1) {
      all += 1;
      if (frequent.has(letters.slice(at, at + 2))) known += 1;
    }
  }
  return { share: all === 0 ? 0 : known / all, pairs: all };
}

/** Whether most of a text is letters of no language, or signs in the place of letters. Short texts are taken as they are. */
export function isGarbled(text: string): boolean {
  const signs = [...text].filter((sign) => sign.trim() !== '').length;
  if (signs < 8) return false;
  // Control characters, private use, and letters that stand where codes of glyphs fall.
  const strange = text.match(/[\ufffd\p{Co}\p{Cn}\u0180-\u02ff]|(?!\s)\p{Cc}/gu)?.length ?? 0;
  if (strange > signs * 0.12) return true;
  // Cyrillic read as the Latin letters that look like it: «apeHAaTop».
  const words = text.match(/\p{L}{3,}/gu) ?? [];
  const mixed = words.filter((word) => /\p{Ll}\p{Lu}/u.test(word)).length;
  if (words.length >= 8 && mixed > words.length * 0.3) return true;
  const { share, pairs: count } = likeness(text);
  if (count >= leastPairs) return share < leastShare && count * 2.5 > letters(text);
  return false;
}

const letters = (text: string) => text.match(/\p{L}/gu)?.length ?? 0;

/** Whether the second reads better than the first. */
export function readsBetter(before: string, after: string): boolean {
  if (isGarbled(after)) return false;
  const [old, mended] = [likeness(before), likeness(after)];
  return mended.pairs > 0 && mended.share > 0.3 && (old.pairs * 2 < mended.pairs || mended.share > old.share + 0.15);
}
