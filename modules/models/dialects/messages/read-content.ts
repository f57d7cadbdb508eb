import { needFilledList, needObject, needString, needText } from '../check-fields.ts';
import type { Json } from '../contract.ts';
import { fieldsOf, isSet, textOf } from '../json.ts';
import { invalid, type Refuse } from '../refuse.ts';

/** Blocks of a content, of which a string is one. Empty texts are left out. */
export function blocksOf(content: unknown, path: string): { block: Json; path: string }[] {
  if (typeof content === 'string') return content === '' ? [] : [{ block: { type: 'text', text: content }, path }];
  if (!Array.isArray(content)) throw invalid(path, 'must be a string or an array of blocks');
  return content.map((value: unknown, index) => {
    const block = needObject(value, `${path}[${index}]`);
    needText(block.type, `${path}[${index}].type`);
    return { block, path: `${path}[${index}]` };
  });
}

/** Marks for Anthropic's cache of prompts, which stay where they are. */
export const cacheMark = ({ cache_control: mark }: Json): Json => (isSet(mark) ? { cache_control: mark } : {});

export const needTextBlock = (block: Json, path: string): Json => ({
  type: 'text',
  text: needString(block.text, `${path}.text`),
  ...cacheMark(block),
});

function readImage(block: Json, path: string, refuse: Refuse): Json[] {
  const source = needObject(block.source, `${path}.source`);
  if (source.type === 'url')
    return [{ type: 'image_url', image_url: { url: needText(source.url, `${path}.source.url`) }, ...cacheMark(block) }];
  if (source.type !== 'base64') return leaveOut(`${path}.source.type`, refuse);
  const mediaType = needText(source.media_type, `${path}.source.media_type`);
  const data = needText(source.data, `${path}.source.data`);
  return [{ type: 'image_url', image_url: { url: `data:${mediaType};base64,${data}` }, ...cacheMark(block) }];
}

function readDocument(block: Json, path: string, refuse: Refuse): Json[] {
  if (fieldsOf(block.citations).enabled === true) refuse(`${path}.citations`);
  if (textOf(block.context) !== '') refuse(`${path}.context`);
  const source = needObject(block.source, `${path}.source`);
  const title = textOf(block.title);
  if (source.type === 'text') {
    const data = needString(source.data, `${path}.source.data`);
    return [{ type: 'text', text: title === '' ? data : `${title}\n\n${data}`, ...cacheMark(block) }];
  }
  if (source.type !== 'base64') return leaveOut(`${path}.source.type`, refuse);
  const data = `data:application/pdf;base64,${needText(source.data, `${path}.source.data`)}`;
  return [{ type: 'file', file: { filename: title || 'document.pdf', file_data: data }, ...cacheMark(block) }];
}

/** In a list, which is empty for what is left out. @throws Problem invalid-request, unsupported-parameter */
export function readPart(block: Json, path: string, refuse: Refuse): Json[] {
  if (block.type === 'text') return [needTextBlock(block, path)];
  if (block.type === 'image') return readImage(block, path, refuse);
  if (block.type === 'document') return readDocument(block, path, refuse);
  return leaveOut(`${path}.type`, refuse);
}

function leaveOut(path: string, refuse: Refuse): Json[] {
  refuse(path);
  return [];
}

const isMarked = (part: Json): boolean => isSet(part.cache_control);

/** Parts as they are, or one text where nothing else is in them. */
export function joinParts(parts: Json[], separator: string): string | Json[] {
  if (parts.some((part) => part.type !== 'text' || isMarked(part))) return parts;
  return parts.map((part) => textOf(part.text)).join(separator);
}

/** A system prompt: a string or blocks of text. */
export function readSystem(system: unknown, path: string): string | Json[] {
  if (typeof system === 'string') return system;
  const parts = needFilledList(system, path).map((value, index) => {
    const block = needObject(value, `${path}[${index}]`);
    if (block.type !== 'text') throw invalid(`${path}[${index}].type`, 'must be "text"');
    return needTextBlock(block, `${path}[${index}]`);
  });
  return joinParts(parts, '\n\n');
}
