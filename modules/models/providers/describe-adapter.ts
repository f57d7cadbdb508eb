import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Reply } from '../../testing/providers/provider-server.ts';
import { readText } from '../../testing/providers/send.ts';
import type { Json, Wire } from '../dialects/contract.ts';
import { type AdapterUnderTest, askAdapter, askWithKey, callOf, toolCallIn } from './adapter.fixture.ts';
import type { FailureReason } from './adapter.ts';

const question =
  'The Tenant shall pay the rent by the fifth day of each month.\n\nBy what day shall the Tenant pay the rent?';
const conversation = {
  messages: [
    { role: 'system', content: 'Answer briefly.' },
    { role: 'user', content: question },
  ],
};
const tools = [
  {
    type: 'function',
    function: {
      name: 'find_clause',
      description: 'Finds a clause of a contract',
      parameters: { type: 'object', properties: { subject: { type: 'string' } }, required: ['subject'] },
    },
  },
];
const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** What every adapter promises; run by each kind's test for each of its wires. */
export function describeAdapter(name: string, create: () => Promise<AdapterUnderTest>): void {
  describe(`adapter ${name}`, () => {
    let tested: AdapterUnderTest;
    const opened: AdapterUnderTest[] = [];
    const open = async () => {
      tested = await create();
      opened.push(tested);
    };
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((each) => each.close()));
    });

    let wires: readonly Wire[];
    let can: AdapterUnderTest['can'];
    let failures: [string, Reply, FailureReason][] = [];
    let hasServer: boolean;
    beforeAll(async () => {
      const made = await create();
      ({ can } = made);
      wires = made.adapter.wires;
      hasServer = made.server !== undefined;
      failures = Object.entries(made.failures ?? {}).map(([what, [reply, reason]]) => [what, reply, reason]);
      await made.close();
    });
    /** Each case runs with every wire of the adapter. */
    const eachWire = async (run: (wire: Wire) => Promise<void>) => {
      for (const { name: wireName } of wires) {
        await open();
        const wire = tested.adapter.wires.find((each) => each.name === wireName);
        if (!wire) throw new Error(`Find wire "${wireName}": missing`);
        await run(wire);
      }
    };

    it('answers as a whole, and counts', () =>
      eachWire(async (wire) => {
        const { answer, usage, text, failure } = await askAdapter(tested, wire, conversation);
        expect(failure).toBeUndefined();
        expect(text).toContain('The Tenant shall pay the rent');
        expect(answer?.choices).toHaveLength(1);
        expect(answer?.choices[0]?.finish_reason).toBe('stop');
        if (hasServer) expect(usage).toMatchObject({ input: 120, output: 14 });
        else expect(usage?.input).toBeGreaterThan(0);
      }));

    it('answers as a stream, with the count at its end', () =>
      eachWire(async (wire) => {
        const { chunks = [], usage, text } = await askAdapter(tested, wire, conversation, { stream: true });
        expect(text).toContain('The Tenant shall pay the rent');
        expect(chunks.filter(({ choices }) => choices[0]?.delta.content).length).toBeGreaterThan(1);
        expect(chunks.map(({ choices }) => choices[0]?.finish_reason).filter(Boolean)).toEqual(['stop']);
        if (hasServer) expect(usage).toMatchObject({ input: 120, output: 14 });
      }));

    it('says why an answer ended early', () =>
      eachWire(async (wire) => {
        if (!hasServer) return;
        for (const [finish, reason] of [
          ['length', 'length'],
          ['filtered', 'content_filter'],
        ] as const) {
          const turn = { text: 'The Tenant', finish, usage: { input: 1, output: 1 } };
          tested.server?.script(turn, turn);
          const whole = await askAdapter(tested, wire, conversation);
          expect(whole.answer?.choices[0]?.finish_reason).toBe(reason);
          const { chunks = [] } = await askAdapter(tested, wire, conversation, { stream: true });
          expect(chunks.findLast(({ choices }) => choices[0]?.finish_reason)?.choices[0]?.finish_reason).toBe(reason);
        }
      }));

    it('counts cached tokens as a part of the prompt', () =>
      eachWire(async (wire) => {
        if (!can.cached) return;
        const turn = { text: 'Five.', usage: { input: 420, cached: 300, output: 5 } };
        tested.server?.script(turn, turn);
        const expected = { input: 420, cached: 300, output: 5 };
        expect((await askAdapter(tested, wire, conversation)).usage).toMatchObject(expected);
        expect((await askAdapter(tested, wire, conversation, { stream: true })).usage).toMatchObject(expected);
      }));

    it.each([false, true])('calls a tool and takes its result, streamed: %s', (stream) =>
      eachWire(async (wire) => {
        if (!can.tools) return;
        const use = { tools: [{ name: 'find_clause', arguments: { subject: 'rent' } }] };
        tested.server?.script({ ...use, usage: { input: 9, output: 9 } });
        const first = await askAdapter(tested, wire, { ...conversation, tools }, { stream });
        const call = first.answer?.choices[0]?.message.tool_calls?.[0] ?? toolCallIn(first.chunks ?? []);
        expect(call).toMatchObject({ type: 'function', function: { name: 'find_clause' } });
        const { arguments: given } = (call as unknown as { function: { arguments: string } }).function;
        expect(JSON.parse(given)).toEqual({ subject: 'rent' });
        const messages = [
          ...conversation.messages,
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: call?.id, content: 'Clause 4: by the fifth day.' },
        ];
        const second = await askAdapter(tested, wire, { messages, tools }, { stream });
        expect(second.failure).toBeUndefined();
        expect(second.text).toContain('fifth day');
      }),
    );

    it('takes several results of tools in one turn', () =>
      eachWire(async (wire) => {
        if (!can.tools) return;
        const call = (id: string, subject: string) => ({
          id,
          type: 'function',
          function: { name: 'find_clause', arguments: JSON.stringify({ subject }) },
        });
        const messages = [
          ...conversation.messages,
          { role: 'assistant', content: 'Let me look.', tool_calls: [call('call_a', 'rent'), call('call_b', 'term')] },
          { role: 'tool', tool_call_id: 'call_b', content: '{"years": 5}' },
          { role: 'tool', tool_call_id: 'call_a', content: 'by the fifth day' },
          { role: 'user', content: 'Go on.' },
          { role: 'user', content: 'Be brief.' },
        ];
        const { failure } = await askAdapter(tested, wire, { messages, tools, tool_choice: 'auto' });
        expect(failure).toBeUndefined();
      }));

    it('sends a picture', () =>
      eachWire(async (wire) => {
        if (!can.vision) return;
        const content = [
          { type: 'text', text: 'What is this?' },
          { type: 'image_url', image_url: { url: PIXEL } },
        ];
        const { failure } = await askAdapter(tested, wire, { messages: [{ role: 'user', content }] });
        expect(failure).toBeUndefined();
      }));

    it('asks for JSON of a schema', () =>
      eachWire(async (wire) => {
        if (!can.json) return;
        const schema = {
          type: 'object',
          properties: { day: { type: 'integer' } },
          required: ['day'],
          additionalProperties: false,
        };
        const format = { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
        tested.server?.script({ text: '{"day": 5}', usage: { input: 9, output: 9 } });
        const { text, failure } = await askAdapter(tested, wire, { ...conversation, response_format: format });
        expect(failure).toBeUndefined();
        expect(JSON.parse(text)).toEqual({ day: 5 });
      }));

    it('knows what each failure means, and repeats no secret', () =>
      eachWire(async (wire) => {
        for (const [what, reply, reason] of failures) {
          tested.server?.script({ reply });
          const { failure } = await askAdapter(tested, wire, conversation);
          expect([what, failure?.reason]).toEqual([what, reason]);
          if (reason !== 'refused') expect(failure).not.toHaveProperty('detail');
        }
      }));

    it('says that a key is refused', () =>
      eachWire(async (wire) => {
        if (!hasServer) return;
        const { failure } = await askWithKey(tested, wire, conversation, 'wrong-0123456789abcdef');
        expect(failure?.reason).toBe('key-refused');
        expect(JSON.stringify(failure)).not.toContain('wrong-0123456789abcdef');
      }));

    it('says that a model is unknown, and that a request is refused', () =>
      eachWire(async (wire) => {
        if (!tested.unknownModel) return;
        const call = { ...callOf(tested), model: tested.unknownModel };
        expect((await askAdapter(tested, wire, conversation, { call })).failure).toMatchObject({
          reason: 'refused',
          status: 404,
        });
      }));

    it('embeds texts in their order', async () => {
      await open();
      const { adapter, embeddingModel } = tested;
      if (!adapter.embeddings || embeddingModel === undefined) return;
      const call = { ...callOf(tested), model: embeddingModel };
      const embed = async (input: string[]) => {
        const request = await adapter.embeddings?.write({ input }, call);
        if (!request) throw new Error('Write a request for embeddings: none');
        const response = adapter.answer ? await adapter.answer(request, call.signal) : await call.send(request);
        return adapter.embeddings?.read(JSON.parse(await readText(response)) as Json);
      };
      const both = await embed(['rent', 'term']);
      const one = await embed(['term']);
      expect(both?.vectors).toHaveLength(2);
      expect(both?.vectors[1]).toEqual(one?.vectors[0]);
      expect(both?.vectors[0]).not.toEqual(one?.vectors[0]);
      expect(both?.usage).toMatchObject({ input: 2 * (one?.usage?.input ?? Number.NaN), output: 0 });
    });
  });
}
