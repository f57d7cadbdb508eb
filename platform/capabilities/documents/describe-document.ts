const longest = 150;
const enoughLetters = /\p{L}.*\p{L}.*\p{L}/u;
const linesLookedAt = 40;

/**
 * What a document is, in at most 150 characters: its title (or file name) and its first meaningful lines. Put before
 * each chunk when it is indexed, so that a chunk is found by what its document is about; never shown or quoted.
 */
export function describeDocument(document: { title: string | undefined; fileName: string; text: string }): string {
  const parts: string[] = [];
  const add = (part: string) => {
    const clean = part
      .slice(0, 1000)
      .replaceAll(/\s+/g, ' ')
      .trim()
      .replace(/[.:;,]$/, '');
    const known = parts.some((other) => other.toLowerCase().includes(clean.toLowerCase()));
    if (enoughLetters.test(clean.slice(0, longest)) && !known) parts.push(clean);
  };
  add(document.title ?? document.fileName.replace(/\.[^.]{1,10}$/, '').replaceAll('_', ' '));
  for (const line of document.text.slice(0, 8000).split('\n').slice(0, linesLookedAt)) {
    add(line.replace(/^#+\s/, ''));
    if (parts.join('. ').length >= longest) break;
  }
  return shorten(parts.join('. '));
}

function shorten(text: string): string {
  if (text.length <= longest) return text;
  const cut = text.slice(0, longest).toWellFormed();
  const space = cut.lastIndexOf(' ');
  return (space > longest / 2 ? cut.slice(0, space) : cut).replace(/[\ufffd\s.,;:—-]+$/, '');
}
