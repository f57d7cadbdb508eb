import type { Dialect, Json, Wire } from '../dialects/contract.ts';
import type { Adapter } from '../providers/adapter.ts';
import type { AskedChat } from './contract.ts';
import { lacking, type Need, neededAbilities } from './needed-abilities.ts';
import type { Target } from './route.ts';

/** A request as one target is asked. */
export interface WrittenChat {
  wire: Wire;
  body: Json;
}

/** What a caller asks, for each target in its format; until it is certain that no other target will be asked. */
export class ChatSource {
  readonly needs: readonly Need[];
  readonly headers: AskedChat['headers'];
  /** Leaves out a parameter, where the route allows it. */
  readonly drop: ((parameter: string) => void) | undefined;
  readonly #dialect: Dialect;
  readonly #isStream: boolean;
  #body: Json | undefined;

  constructor({ dialect, body, stream, headers, route, onDrop }: AskedChat) {
    this.headers = headers;
    this.drop = route.drop ? (parameter) => onDrop?.(parameter) : undefined;
    this.#dialect = dialect;
    this.#isStream = stream;
    this.#body = body;
    this.needs = neededAbilities(body);
  }

  /**
   * The body in the caller's own format where the target has it, else in the best of its formats.
   * @throws Problem invalid-request, unsupported-parameter
   */
  write(target: Target, adapter: Adapter): WrittenChat {
    if (!this.#body) throw new Error(`Ask target "${target.name}": the request was released`);
    const lacks = lacking(this.needs, target);
    const asked = lacks.reduce((body, { leaveOut, parameter }) => {
      this.drop?.(parameter);
      return leaveOut?.(body) ?? body;
    }, this.#body);
    const [best] = adapter.wires;
    const own = adapter.wires.find(({ name }) => name === this.#dialect.name);
    if (own) return { wire: own, body: this.#countedBody(own, { ...asked, model: target.model }) };
    if (!best) throw new Error(`Ask target "${target.name}": its provider has no conversations`);
    const chat = this.#dialect.readRequest(asked, this.drop);
    const { model, maxOutput } = target;
    const options = { model, stream: this.#isStream, ...(maxOutput !== undefined && { maxOutput }), drop: this.drop };
    return { wire: best, body: this.#countedBody(best, best.writeRequest(chat, options)) };
  }

  /** Lets go of the request, which may be large, while a long answer comes. */
  release(): void {
    this.#body = undefined;
  }

  /** OpenAI counts a stream only when it is asked to. */
  #countedBody({ name }: Wire, body: Json): Json {
    if (name !== 'chat' || !this.#isStream) return body;
    return { ...body, stream: true, stream_options: { ...(body.stream_options as Json), include_usage: true } };
  }
}
