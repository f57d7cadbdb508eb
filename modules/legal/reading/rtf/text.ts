import { ParseFailure } from '../contract.ts';
import type { TextFlow } from '../markup/text-flow.ts';
import { symbols } from './destinations.ts';
import { innerGroup } from './group.ts';
import { closeGroup } from './groups.ts';
import { beginReading, flush, put, type Reading, takeLabel } from './reading.ts';
import { type RtfToken, rtfTokens } from './tokens.ts';
import { takeWord } from './words.ts';

const deepestGroup = 5_000;

/**
 * Writes the text of an RTF file into a flow: paragraphs with the numbers that stand in the file before them, table rows,
 * notes, what form fields hold, formulas; deleted and hidden text left out. Pictures and embedded objects are noticed.
 * @returns the title of its properties
 * @throws ParseFailure `damaged` when groups are nested past any sense
 */
export function readRtfText(file: Uint8Array, flow: TextFlow, notice: Reading['notice']): string | undefined {
  const reading = beginReading(flow, notice);
  let optional = false;
  for (const token of rtfTokens(file)) {
    if (token.type !== 'bytes') flush(reading);
    const isMark = token.type === 'symbol' && token.name === '*';
    if (!isMark) step(reading, token, optional);
    // The mark counts for what stands directly behind it.
    optional = isMark;
  }
  flush(reading);
  // The last paragraph need not have an end.
  flow.endParagraph(takeLabel(reading));
  return reading.title.trim() || undefined;
}

function step(reading: Reading, token: RtfToken, optional: boolean): void {
  switch (token.type) {
    case 'open':
      reading.leftOut = 0;
      reading.groups.push(reading.group);
      if (reading.groups.length > deepestGroup) {
        throw new ParseFailure('damaged', 'Read RTF: groups are nested too deeply');
      }
      reading.group = innerGroup(reading.group);
      break;
    case 'close':
      reading.leftOut = 0;
      closeGroup(reading);
      break;
    case 'bytes':
      takeBytes(reading, token.bytes);
      break;
    case 'symbol':
      if (reading.leftOut > 0) reading.leftOut -= 1;
      else put(reading, symbols[token.name] ?? '');
      break;
    case 'word':
      takeWord(reading, token.name, token.value, optional);
  }
}

function takeBytes(reading: Reading, bytes: Uint8Array): void {
  const { group, leftOut } = reading;
  if (group.destination === 'none' || (group.skipped && group.destination === undefined)) return;
  const kept = leftOut > 0 ? bytes.subarray(leftOut) : bytes;
  reading.leftOut = Math.max(0, leftOut - bytes.length);
  for (const byte of kept) reading.pending.push(byte);
  if (reading.pending.length > 65_536) flush(reading);
}
