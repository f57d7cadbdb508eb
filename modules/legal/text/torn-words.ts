/** Looked for from the hyphen, as each letter of a long run would be tried as a beginning; of the word before it the end is enough. */
const torn =
  /(?=[-‐‑\u00ad])(?<=(\p{L}{1,40}))([-‐‑\u00ad]+)[ \t]{0,4}\r?\n{1,2}[ \t]{0,20}(\p{Ll}+|(?<=\p{Lu}{2}[-‐‑\u00ad][ \t]{0,4}\r?\n{1,2}[ \t]{0,20})\p{Lu}{2,})/gu;
/** Halves that mostly stand at a hyphen of the word's own. */
const first =
  /^(?:из|по|кое|кой|купл\p{L}{1,3}|вице|экс|интернет|бизнес|онлайн|пресс|генерал|санкт|нью|юго|северо|\p{L}{3,12}(?:ско|нно|льно|ино|во)|non|co|re|self|ex|pre|post|sub|mid|long|short|third|first|well|cross|high|low|full|part|on|off|in|one|two|three|four|five)$/iu;
const second = /^(?:либо|нибудь|то|таки|ка|за|под|прежнему|party|term|time|off|in|line|site|up|out|based|free)$/iu;

/**
 * A text with the words that ends of lines break put together, to be read on one line: «неус-⏎тойка» is «неустойка»,
 * «купли-⏎продажи» keeps its hyphen.
 */
export const joinTornWords = (text: string): string =>
  text.replace(torn, (_, left: string, hyphen: string, right: string) =>
    hyphen === '-' && (first.test(left) || second.test(right)) ? `-${right}` : right,
  );
