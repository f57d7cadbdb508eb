import type { Json } from '../contract.ts';
import { fieldsOf, isSet, objectsOf, textOf } from '../json.ts';
import { invalid, type Refuse } from '../refuse.ts';
import { cacheMark } from './read-content.ts';

const dataUrl = /^data:([^;,]+);base64,/i;

/** What a data URL holds; undefined for other URLs. */
function parseDataUrl(url: string): { mediaType: string; data: string } | undefined {
  const [head, mediaType = ''] = dataUrl.exec(url) ?? [];
  return head === undefined ? undefined : { mediaType: mediaType.toLowerCase(), data: url.slice(head.length) };
}

function writeImage(part: Json, path: string, refuse: Refuse): Json {
  const { url: given, detail } = fieldsOf(part.image_url);
  const url = textOf(given);
  if (isSet(detail) && detail !== 'auto') refuse(`${path}.image_url.detail`);
  const data = parseDataUrl(url);
  if (!data && !/^https?:/i.test(url))
    throw invalid(`body.${path}.image_url.url`, 'must be a base64 data URL or an http(s) URL');
  const source = data ? { type: 'base64', media_type: data.mediaType, data: data.data } : { type: 'url', url };
  return { type: 'image', source, ...cacheMark(part) };
}

function writeFile(part: Json, path: string, refuse: Refuse): Json[] {
  const file = fieldsOf(part.file);
  const data = parseDataUrl(textOf(file.file_data));
  if (data?.mediaType !== 'application/pdf') {
    refuse(`${path}.file`);
    return [];
  }
  const title = textOf(file.filename);
  const source = { type: 'base64', media_type: data.mediaType, data: data.data };
  return [{ type: 'document', source, ...(title !== '' && { title }), ...cacheMark(part) }];
}

/**
 * Blocks of a message's content. Empty texts, which Anthropic refuses, are left out.
 * @param path such as `messages[2].content`
 */
export function writeBlocks(content: unknown, path: string, refuse: Refuse): Json[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return objectsOf(content).flatMap((part, index): Json[] => {
    const place = `${path}[${index}]`;
    if (part.type === 'text' || part.type === 'refusal') {
      const text = textOf(part.text) || textOf(part.refusal);
      return text === '' ? [] : [{ type: 'text', text, ...cacheMark(part) }];
    }
    if (part.type === 'image_url') return [writeImage(part, place, refuse)];
    if (part.type === 'file') return writeFile(part, place, refuse);
    refuse(`${place}.type`);
    return [];
  });
}
