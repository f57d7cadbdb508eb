/*
 * Raised and lowered text in plain text. «Статья 15¹» is another article than 151, and 10⁶ another number than 106: a
 * figure never joins the one before it. Characters that Unicode has raised or lowered stand for themselves, everything
 * else with a figure is written as ^(…) or _(…), and words alone, which cannot be misread, stay as they are.
 */

export type Script = 'super' | 'sub';

/** A stretch of a paragraph; without a script it stands on the line. */
export interface ScriptPiece {
  text: string;
  script?: Script | undefined;
}

const plain = '0123456789+-=()−–abcdefghijklmnoprstuvwxyz';
const raised = '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁻⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ';
const plainLow = '0123456789+-=()−–aehijklmnoprstuvx';
const lowered = '₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₋₋ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ';

const table = (from: string, to: string) => {
  const signs = [...to];
  const pairs = [...from].map((sign, at): [string, string] => [sign, signs[at] ?? sign]);
  // Those that are raised or lowered already stay.
  return new Map([...signs.map((sign): [string, string] => [sign, sign]), ...pairs]);
};
const tables = { super: table(plain, raised), sub: table(plainLow, lowered) };
const figure = /\p{N}/u;

/** A raised or lowered stretch as plain text that reads as what it is: `¹`, `⁻⁶`, `^(1.1)`, `₂`, `th`. */
export function scriptText(text: string, script: Script): string {
  const [, before = '', core = '', behind = ''] = /^([\s.,;:]*)([\s\S]*?)([\s.,;:]*)$/.exec(text) ?? [];
  // The mark of a note is apart from its word already.
  if (core === '' || /^\[.*\]$/.test(core)) return text;
  const signs = [...core];
  const mapped = signs.map((sign) => tables[script].get(sign));
  if (!figure.test(core) && signs.length > 1 && !/[+=]/.test(core)) return text;
  if (!mapped.includes(undefined)) return before + mapped.join('') + behind;
  const isWords = /\p{L}{3}/u.test(core) && !/^\p{N}|\p{N}$/u.test(core);
  if (!figure.test(core) || isWords) return text;
  return `${before}${script === 'super' ? '^' : '_'}(${core})${behind}`;
}

/** A paragraph's pieces as its text. One that is raised or lowered as a whole, as captions are, has nothing to join. */
export function joinScripts(pieces: readonly ScriptPiece[]): string {
  if (pieces.every(({ script }) => script === undefined)) return pieces.map(({ text }) => text).join('');
  const merged: ScriptPiece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    // Programs divide a run in its middle; white space alone has no height.
    if (last && (last.script === piece.script || piece.text.trim() === '')) last.text += piece.text;
    else merged.push({ ...piece });
  }
  const onLine = merged.some(({ text, script }) => script === undefined && text.trim() !== '');
  return merged.map(({ text, script }) => (script && onLine ? scriptText(text, script) : text)).join('');
}
