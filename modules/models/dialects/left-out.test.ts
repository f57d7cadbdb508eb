import { describe, expect, it } from 'vitest';
import type { ChatBody, Dialect, Json } from './contract.ts';
import { messagesDialect } from './messages/messages-dialect.ts';
import { refusalOf } from './refusal-of.fixture.ts';
import { responsesDialect } from './responses/responses-dialect.ts';

/* What one format says and another cannot is refused by its name, or left out where a route allows it. */

const user = { role: 'user', content: 'hi' };
const search = { type: 'web_search_20250305', name: 'web_search' };
const find = { name: 'find', input_schema: { type: 'object' } };
const schema = { type: 'object' };
const chatTool = { type: 'function', function: { name: 'find', parameters: schema } };

/** The chat completion that is left of a request, after it was refused as long as nothing may be left out. */
function leftOf(readRequest: Dialect['readRequest'], body: Json, names: readonly string[]): Json {
  expect(refusalOf(() => readRequest(body))).toBe(names[0]);
  const dropped: string[] = [];
  const left = readRequest(body, (name) => dropped.push(name));
  expect(dropped).toEqual(names);
  return left as Json;
}

describe('messages leave out', () => {
  const request = (fields: Json): Json => ({ model: 'm', max_tokens: 9, messages: [user], ...fields });
  const left = (fields: Json, ...names: string[]) => leftOf(messagesDialect.readRequest, request(fields), names);
  const pdf = { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AA==' } };

  it('tools that only Anthropic runs, and a choice with the tool that it names', () => {
    expect(left({ tools: [search], tool_choice: { type: 'any' } }, 'tools[0].type')).toEqual({
      model: 'm',
      messages: [user],
      max_completion_tokens: 9,
    });
    const chosen = { type: 'tool', disable_parallel_tool_use: true };
    expect(left({ tools: [search, find], tool_choice: { ...chosen, name: 'find' } }, 'tools[0].type')).toMatchObject({
      tools: [chatTool],
      tool_choice: { function: { name: 'find' } },
    });
    const other = left({ tools: [find, search], tool_choice: { ...chosen, name: 'web_search' } }, 'tools[1].type');
    expect(other).toMatchObject({ tools: [chatTool], parallel_tool_calls: false });
    expect(other).not.toHaveProperty('tool_choice');
  });

  it('blocks that only Anthropic knows, and messages of which nothing is left', () => {
    const ran = [
      { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [] },
    ];
    const messages = [
      { role: 'user', content: [{ type: 'search_result', content: [] }] },
      user,
      { role: 'assistant', content: ran },
      { role: 'assistant', content: [...ran, { type: 'text', text: 'Sunny' }] },
      { role: 'user', content: [{ type: 'image', source: { type: 'file', file_id: 'f' } }, pdf] },
    ];
    const names = [
      ...['messages[0].content[0].type', 'messages[2].content[0].type', 'messages[2].content[1].type'],
      ...['messages[3].content[0].type', 'messages[3].content[1].type', 'messages[4].content[0].source.type'],
    ];
    expect(left({ messages }, ...names).messages).toEqual([
      user,
      { role: 'assistant', content: 'Sunny' },
      {
        role: 'user',
        content: [{ type: 'file', file: { filename: 'document.pdf', file_data: 'data:application/pdf;base64,AA==' } }],
      },
    ]);
  });

  it('citations and the context of a document, of which the text stays', () => {
    const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A lease' } };
    const said = { ...document, citations: { enabled: true }, context: 'of a flat' };
    const place = 'messages[0].content[0]';
    const { messages } = left(
      { messages: [{ role: 'user', content: [said] }] },
      `${place}.citations`,
      `${place}.context`,
    );
    expect(messages).toEqual([{ role: 'user', content: [{ type: 'text', text: 'A lease' }] }]);
  });

  it('not all that was said', () => {
    const body = request({ messages: [{ role: 'user', content: [{ type: 'search_result' }] }] });
    expect(refusalOf(() => messagesDialect.readRequest(body, () => {}))).toBe('messages');
  });
});

describe('responses leave out', () => {
  const request = (fields: Json): Json => ({ model: 'm', input: 'hi', ...fields });
  const left = (fields: Json, ...names: string[]) => leftOf(responsesDialect.readRequest, request(fields), names);

  it('tools that only OpenAI runs, and the choice of one', () => {
    const plain = { model: 'm', messages: [user] };
    const choice = { type: 'web_search' };
    expect(left({ tools: [choice], tool_choice: choice }, 'tool_choice.type', 'tools[0].type')).toEqual(plain);
    expect(left({ tools: [{ type: 'web_search' }], tool_choice: 'required' }, 'tools[0].type')).toEqual(plain);
    const called = { type: 'function', name: 'find', parameters: schema };
    expect(left({ tools: [choice, called], tool_choice: 'required' }, 'tools[0].type')).toEqual({
      ...plain,
      tools: [chatTool],
      tool_choice: 'required',
    });
  });

  it('fields that ask for more than a chat completion gives', () => {
    const fields = { store: true, truncation: 'auto', unheard_of: 1, include: ['message.output_text.logprobs'] };
    expect(left(fields, 'store', 'truncation', 'unheard_of', 'include[0]')).toEqual({ model: 'm', messages: [user] });
  });

  it('items and parts that are kept or run at OpenAI, and messages of which nothing is left', () => {
    const input = [
      { type: 'web_search_call', id: 'ws', status: 'completed' },
      { role: 'user', content: [{ type: 'input_image', file_id: 'f' }] },
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'hi' },
          { type: 'input_file', file_url: 'https://example.org/a.pdf' },
          { type: 'input_file', file_id: 'f' },
          { type: 'input_hologram' },
        ],
      },
    ];
    const names = ['input[0].type', 'input[1].content[0].file_id', 'input[2].content[1].file_url'];
    const others = ['input[2].content[2].file_id', 'input[2].content[3].type'];
    expect(left({ input }, ...names, ...others).messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'hi' }] },
    ]);
  });

  it.each<[string, Json]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['prompt', { prompt: { id: 'p' } }],
    ['background', { background: true }],
    ['input[0].type', { input: [{ type: 'item_reference', id: 'x' }, user] }],
    ['input', { input: [{ type: 'web_search_call', id: 'ws' }] }],
  ])('never %s, without which it would be another conversation', (name, fields) => {
    expect(refusalOf(() => responsesDialect.readRequest(request(fields), () => {}))).toBe(name);
  });
});

describe.each([
  ['messages', messagesDialect],
  ['responses', responsesDialect],
])('a chat completion as a request of %s', (_, { writeRequest }) => {
  const write = (message: Json, drop?: (name: string) => void) =>
    writeRequest({ model: 'd', messages: [user, message] } as unknown as ChatBody, { model: 'm', stream: false, drop });

  it.each<[string, Json]>([
    ['audio', { audio: { id: 'a' } }],
    ['function_call', { function_call: { name: 'find', arguments: '{}' } }],
  ])('is refused for an %s of an assistant, or has its text alone', (name, fields) => {
    const message = { role: 'assistant', content: 'Sunny', ...fields };
    expect(refusalOf(() => write(message))).toBe(`messages[1].${name}`);
    const dropped: string[] = [];
    expect(write(message, (one) => dropped.push(one))).toEqual(write({ role: 'assistant', content: 'Sunny' }));
    expect(dropped).toEqual([`messages[1].${name}`]);
  });

  it('has what an assistant refused next to what it said', () => {
    for (const content of ['Sunny', [{ type: 'text', text: 'Sunny' }]]) {
      const written = JSON.stringify(write({ role: 'assistant', content, refusal: 'No more' }));
      expect(written).toMatch(/Sunny.*No more/);
    }
  });
});
