import type { Json } from './provider-server.ts';

/** The first mistake in a conversation, in the words of Anthropic's API. */
export function refuseMessages({ messages, system, tools, tool_choice: choice }: Json): string | undefined {
  if (!Array.isArray(messages) || messages.length === 0) return 'messages: at least one message is required';
  if (system !== undefined && typeof system !== 'string' && !isTextBlocks(system)) return 'system: invalid';
  if (messages[0].role !== 'user') return 'messages: first message must use the "user" role';
  let open: string[] = [];
  for (const [index, message] of (messages as Json[]).entries()) {
    const at = `messages.${index}`;
    const extra = Object.keys(message).find((name) => name !== 'role' && name !== 'content');
    if (extra) return `${at}.${extra}: Extra inputs are not permitted`;
    if (message.role !== 'user' && message.role !== 'assistant')
      return `${at}.role: Input should be 'user' or 'assistant'`;
    const blocks = typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : message.content;
    if (!Array.isArray(blocks) || blocks.length === 0) return `${at}: all messages must have non-empty content`;
    const mistake = blocks.map((block, n) => blockMistake(block, `${at}.content.${n}`)).find(Boolean);
    if (mistake) return mistake;
    const results = blocks.filter(({ type }) => type === 'tool_result').map((block) => String(block.tool_use_id));
    const missing = open.find((id) => !results.includes(id));
    if (missing)
      return `${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing}`;
    const stray = results.find((id) => !open.includes(id));
    if (stray) return `${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${stray}`;
    const firstOther = blocks.findIndex(({ type }) => type !== 'tool_result');
    if (firstOther !== -1 && firstOther < results.length) return `${at}: \`tool_result\` blocks must come first`;
    open = blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => String(id));
  }
  return open.length > 0
    ? `messages: \`tool_use\` ids were found without \`tool_result\`: ${open}`
    : toolMistake(tools, choice);
}

const isTextBlocks = (value: unknown): boolean =>
  Array.isArray(value) && value.every((block) => block.type === 'text' && block.text !== '');

const mediaTypes = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

function blockMistake(block: Json, at: string): string | undefined {
  switch (block.type) {
    case 'text':
      return typeof block.text === 'string' && block.text.trim() !== '' ? undefined : `${at}: text must be non-empty`;
    case 'image': {
      const { type, media_type: media, data, url } = Object(block.source) as Record<string, string>;
      const isRight =
        type === 'url' ? url?.startsWith('https://') : type === 'base64' && mediaTypes.has(media ?? '') && data;
      return isRight ? undefined : `${at}.image.source: invalid`;
    }
    case 'tool_use': {
      const isRight = /^[\w-]+$/.test(String(block.id)) && typeof block.input === 'object' && block.input !== null;
      return isRight ? undefined : `${at}.tool_use: invalid`;
    }
    case 'thinking':
      return typeof block.signature === 'string' ? undefined : `${at}.thinking.signature: Field required`;
    case 'tool_result':
    case 'redacted_thinking':
    case 'document':
      return undefined;
    default:
      return `${at}: Input tag '${block.type}' is not one of the expected tags`;
  }
}

function toolMistake(tools: unknown, choice: unknown): string | undefined {
  const list = (tools ?? []) as Json[];
  const broken = list.findIndex(
    (tool) => !/^[\w-]{1,128}$/.test(String(tool.name)) || Object(tool.input_schema).type !== 'object',
  );
  if (broken !== -1) return `tools.${broken}.custom.input_schema.type: Field required`;
  if (choice === undefined) return undefined;
  const { type, name } = Object(choice) as Json;
  if (!['auto', 'any', 'tool', 'none'].includes(String(type))) return 'tool_choice: invalid';
  if (list.length === 0) return 'tool_choice: may only be specified while providing tools';
  return type === 'tool' && !list.some((tool) => tool.name === name)
    ? `Tool '${name}' not found in provided tools`
    : undefined;
}
