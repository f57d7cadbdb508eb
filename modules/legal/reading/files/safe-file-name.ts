import { writtenName } from './written-name.ts';

/** Longest name that is shown, in code points. */
const longest = 200;
const longestExtension = 12;

// Controls, lone surrogates, and characters that are invisible or turn the reading direction around them.
const unshowable = /[\p{Cc}\p{Cs}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** Beginnings and turns of a path; a slash elsewhere is a character like others. */
const path = /^(?:[a-z]:)?[\\/]|^\.{1,2}[\\/]|[\\/]\.{1,2}[\\/]/i;

/**
 * A name to show for a file, from whatever a client called it: as its author wrote it, the last part of what looks like a
 * path, without characters that hide or reorder others; `document` when nothing is left. It is only ever shown, and escaped by who
 * shows it: files are stored under keys of the platform's own making.
 */
export function safeFileName(clientName: string): string {
  const clean = writtenName(clientName.slice(-4096))
    .normalize('NFC')
    .replaceAll(unshowable, '')
    .replaceAll(/\s+/g, ' ')
    .trim();
  const name = path.test(clean) ? clean.slice(clean.search(/[^\\/]*$/)).trim() : clean;
  return name === '' || /^\.+$/.test(name) ? 'document' : shorten(name);
}

function shorten(name: string): string {
  const characters = [...name];
  if (characters.length <= longest) return name;
  const dot = characters.lastIndexOf('.');
  const extension = dot > 0 && characters.length - dot <= longestExtension ? characters.slice(dot) : [];
  return [...characters.slice(0, longest - extension.length - 1), '…', ...extension].join('');
}
