import type { Json } from '../contract.ts';
import { fieldsOf, isJson, isSet, objectsOf } from '../json.ts';
import type { Refuse } from '../refuse.ts';
import { cacheMark } from './read-content.ts';

/** The tool that a model must call with its answer, where the answer is to have a form. */
export const ANSWER_TOOL = 'give_json_answer';

const emptySchema = { type: 'object', properties: {} };

function writeTool(tool: Json, index: number, refuse: Refuse): Json[] {
  if (!isJson(tool.function)) {
    refuse(`tools[${index}].type`);
    return [];
  }
  const { name, description, parameters, strict } = tool.function;
  return [
    {
      name,
      ...(isSet(description) && { description }),
      input_schema: isJson(parameters) ? { ...emptySchema, ...parameters } : emptySchema,
      ...(strict === true && { strict }),
      ...cacheMark(tool),
    },
  ];
}

/** A tool whose input is the answer; undefined where the answer is plain text. */
function answerTool(format: unknown, refuse: Refuse): Json | undefined {
  if (!isJson(format) || format.type === 'text') return undefined;
  const description = 'Gives the answer to the user. Call it once, with the whole answer.';
  if (format.type === 'json_object')
    return { name: ANSWER_TOOL, description, input_schema: { ...emptySchema, additionalProperties: true } };
  const named = fieldsOf(format.json_schema);
  const schema: Json = isJson(named.schema) ? named.schema : emptySchema;
  if (isSet(schema.type) && schema.type !== 'object') {
    refuse('response_format');
    return undefined;
  }
  const what = isSet(named.description) ? `${description} ${String(named.description)}` : description;
  return { name: ANSWER_TOOL, description: what, input_schema: { type: 'object', ...schema } };
}

function writeChoice(choice: unknown, refuse: Refuse): Json | undefined {
  if (choice === 'required') return { type: 'any' };
  if (choice === 'auto' || choice === 'none') return { type: choice };
  if (!isJson(choice)) return undefined;
  if (isJson(choice.function)) return { type: 'tool', name: choice.function.name };
  refuse('tool_choice');
  return undefined;
}

/** The choice where an answer's tool stands next to those of the caller, who may want to call them first. */
function choiceWithAnswer(choice: Json | undefined, hasTools: boolean): Json {
  if (!hasTools || choice?.type === 'none') return { type: 'tool', name: ANSWER_TOOL };
  return choice?.type === 'auto' || !choice ? { type: 'any' } : choice;
}

/** Tools and their choice. `isForced`: the model may not answer without one, and so may not think. */
export function writeTools(body: Json, refuse: Refuse): { fields: Json; isForced: boolean } {
  const tools = objectsOf(body.tools).flatMap((tool, index) => writeTool(tool, index, refuse));
  const asked = isSet(body.tool_choice) ? writeChoice(body.tool_choice, refuse) : undefined;
  const answer = answerTool(body.response_format, refuse);
  // A caller that wants a call of a tool in this turn gets the answer in the next.
  const isCallWanted = tools.length > 0 && (asked?.type === 'any' || asked?.type === 'tool');
  const choice = answer && !isCallWanted ? choiceWithAnswer(asked, tools.length > 0) : asked;
  const all = answer && !isCallWanted ? [...tools, answer] : tools;
  if (all.length === 0) return { fields: {}, isForced: false };
  const isAlone = body.parallel_tool_calls === false && choice?.type !== 'none';
  return {
    fields: {
      tools: all,
      ...((choice || isAlone) && {
        tool_choice: { ...(choice ?? { type: 'auto' }), ...(isAlone && { disable_parallel_tool_use: true }) },
      }),
    },
    isForced: choice?.type === 'any' || choice?.type === 'tool',
  };
}
