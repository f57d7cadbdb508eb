import { entryOf } from '../../dialects/json.ts';

/** Built into GigaChat, so that no function of a caller may have its name there. */
const reserved: Readonly<Record<string, string>> = { web_search: 'user_web_search' };
const original = new Map(Object.entries(reserved).map(([name, other]) => [other, name]));

/** The name of a caller's tool at GigaChat. */
export const writeFunctionName = (name: string): string => entryOf(reserved, name) ?? name;

/** The name that the caller gave. */
export const readFunctionName = (name: string): string => original.get(name) ?? name;
