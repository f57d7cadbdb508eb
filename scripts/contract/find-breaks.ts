import type { Contract, RecordedOperation } from './record.ts';
import type { Shape } from './shape.ts';

type Shapes = Contract['shapes'];

/**
 * What a program that was written for `recorded` can no longer rely on: what it sends must still be accepted, and what it reads must still
 * be there. Nothing where the API has only been added to.
 */
export function findBreaks(recorded: Contract, present: Contract): string[] {
  return Object.entries(recorded.operations).flatMap(([key, before]) => {
    const now = present.operations[key];
    if (!now) return [`${key}: is gone`];
    return [
      ...requestBreaks(before, now, recorded.shapes, present.shapes),
      ...answerBreaks(before, now, recorded, present),
    ].map((line) => `${key}: ${line}`);
  });
}

function requestBreaks(before: RecordedOperation, now: RecordedOperation, sent: Shapes, accepted: Shapes): string[] {
  const fits = comparison(sent, accepted, 'request');
  const breaks = fits(before.parameters, now.parameters, 'parameter');
  if (!before.body) return now.body?.required ? [...breaks, 'body: has become required'] : breaks;
  if (!now.body) return [...breaks, 'body: is no longer accepted'];
  if (now.body.required && !before.body.required) breaks.push('body: has become required');
  for (const [type, shape] of Object.entries(before.body.content)) {
    const other = now.body.content[type];
    breaks.push(...(other ? fits(shape, other, 'body') : [`body: ${type} is no longer accepted`]));
  }
  return breaks;
}

const answerBreaks = (before: RecordedOperation, now: RecordedOperation, recorded: Contract, present: Contract) =>
  Object.entries(before.answers).flatMap(([kind, shape]) => {
    const other = now.answers[kind];
    if (!other) return [`answer ${kind}: is no longer given`];
    return comparison(present.shapes, recorded.shapes, 'answer')(other, shape, `answer ${kind}`);
  });

/**
 * Whether each value of one shape is among those of another. A request is written by the program, so the given shape is the recorded one and
 * the wanted one is what the API takes now; for an answer it is the other way round.
 */
function comparison(givenShapes: Shapes, wantedShapes: Shapes, side: 'request' | 'answer') {
  const compared = new Set<string>();
  const compare = (given: Shape, wanted: Shape, place: string): string[] => {
    if (given.ref !== undefined || wanted.ref !== undefined) {
      // Shapes may hold themselves: what is being compared already holds.
      const pair = `${given.ref} ${wanted.ref} ${given.ref && wanted.ref ? '' : place}`;
      if (compared.has(pair)) return [];
      compared.add(pair);
      return compare(resolve(given, givenShapes), resolve(wanted, wantedShapes), place);
    }
    if (given.events || wanted.events) return compareEvents(given.events, wanted.events, place);
    if (given.anyOf || wanted.anyOf) return compareChoices(given, wanted, place);
    return [
      ...compareTypes(given, wanted, place),
      ...compareFields(given, wanted, place),
      ...compareItems(given, wanted, place),
    ];
  };
  const compareEvents = (given: Shape | undefined, wanted: Shape | undefined, place: string): string[] => {
    if (!given || !wanted) return [`${place}: is ${given ? 'now' : 'no longer'} a stream`];
    const [there, known] = [
      resolve(given, givenShapes).properties ?? {},
      resolve(wanted, wantedShapes).properties ?? {},
    ];
    return Object.entries(known).flatMap(([event, shape]) =>
      there[event] ? compare(there[event], shape, `${place} event ${event}`) : [`${place} event ${event}: is gone`],
    );
  };
  const compareChoices = (given: Shape, wanted: Shape, place: string): string[] => {
    const choices = wanted.anyOf ?? [wanted];
    const isAmong = (one: Shape) =>
      choices.some((choice) => comparison(givenShapes, wantedShapes, side)(one, choice, '').length === 0);
    return (given.anyOf ?? [given]).every(isAmong) ? [] : [`${place}: has other forms`];
  };
  const compareFields = (given: Shape, wanted: Shape, place: string): string[] => {
    const missing = (wanted.required ?? []).filter((name) => !given.required?.includes(name));
    const word = side === 'request' ? 'has become required' : 'may be missing';
    const breaks = missing.map((name) => `${place} ${name}: ${word}`);
    for (const [name, shape] of Object.entries(given.properties ?? {})) {
      const other = wanted.properties?.[name] ?? wanted.others;
      if (other) breaks.push(...compare(shape, other, `${place} ${name}`));
      else if (side === 'request') breaks.push(`${place} ${name}: is no longer accepted`);
    }
    if (given.others && wanted.others) breaks.push(...compare(given.others, wanted.others, `${place} *`));
    return breaks;
  };
  const compareItems = (given: Shape, wanted: Shape, place: string): string[] =>
    given.items && wanted.items ? compare(given.items, wanted.items, `${place}[]`) : [];
  return compare;
}

function compareTypes(given: Shape, wanted: Shape, place: string): string[] {
  const breaks: string[] = [];
  if (wanted.types) {
    const isAmong = (type: string) =>
      wanted.types?.includes(type) || (type === 'integer' && wanted.types?.includes('number'));
    const others = (given.types ?? ['anything']).filter((type) => !isAmong(type));
    if (others.length > 0) breaks.push(`${place}: ${others.join(', ')} instead of ${wanted.types.join(', ')}`);
  }
  if (wanted.values) {
    const others = (given.values ?? ['any value']).filter((value) => !wanted.values?.includes(value));
    if (others.length > 0) breaks.push(`${place}: ${others.join(', ')} beyond ${wanted.values.join(', ')}`);
  }
  return breaks;
}

function resolve(shape: Shape, shapes: Shapes): Shape {
  if (shape.ref === undefined) return shape;
  const named = shapes[shape.ref];
  if (!named) throw new Error(`Compare shapes: "${shape.ref}" is not in the contract`);
  return named;
}
