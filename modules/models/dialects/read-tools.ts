import { needList, needObject, needString, needText } from './check-fields.ts';
import type { Json } from './contract.ts';
import { fieldsOf, isJson, isSet } from './json.ts';

/** A tool of a chat completion from one whose fields stand at its top. */
export const readFunction = (tool: Json, path: string, parameters: Json | undefined): Json => ({
  type: 'function',
  function: {
    name: needText(tool.name, `${path}.name`),
    ...(isSet(tool.description) && { description: needString(tool.description, `${path}.description`) }),
    ...(parameters && { parameters }),
    ...(typeof tool.strict === 'boolean' && { strict: tool.strict }),
  },
});

/**
 * The tools of a request and the choice among them. A choice goes with the tool that it names, and with the last one.
 * @param readTool empty for one that is left out
 * @param choice the fields of a chat completion that say it
 */
export function readTools(body: Json, readTool: (tool: Json, path: string) => Json[], choice: Json): Json {
  const given = isSet(body.tools) ? needList(body.tools, 'body.tools') : [];
  const tools = given.flatMap((value, index) => {
    const path = `body.tools[${index}]`;
    return readTool(needObject(value, path), path);
  });
  if (tools.length === given.length) return { ...(tools.length > 0 && { tools }), ...choice };
  if (tools.length === 0) return {};
  const { tool_choice: chosen, ...others } = choice;
  const name = isJson(chosen) ? fieldsOf(chosen.function).name : undefined;
  const isLeft = name === undefined || tools.some((tool) => fieldsOf(tool.function).name === name);
  return { tools, ...(isLeft ? choice : others) };
}
