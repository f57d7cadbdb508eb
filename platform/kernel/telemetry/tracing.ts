import { type Attributes, context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

const tracer = trace.getTracer('pandect');

/** Runs `work` in a span. Costs next to nothing while no collector is configured: the span is then an empty object. */
export function span<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (active) => {
    try {
      return await work();
    } catch (error) {
      active.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      active.end();
    }
  });
}

/** A span that ends elsewhere than it begins. */
export interface OpenSpan {
  /** False while no collector is configured: attributes need not be worked out then. */
  readonly isRecording: boolean;
  /** A call of another server that is over, as a span below this one. */
  addCall(name: string, call: EndedSpan & { ms: number }): void;
  end(how: EndedSpan): void;
}

interface EndedSpan {
  attributes: Attributes;
  /** Class of its error; undefined for none. */
  error?: string | undefined;
}

/** Begins a span below the one that is active. */
export function openSpan(name: string): OpenSpan {
  const parent = context.active();
  const opened = tracer.startSpan(name, {}, parent);
  const inside = trace.setSpan(parent, opened);
  return {
    isRecording: opened.isRecording(),
    addCall(called, { ms, attributes, error }) {
      const startTime = Date.now() - ms;
      const call = tracer.startSpan(called, { kind: SpanKind.CLIENT, startTime, attributes }, inside);
      if (error !== undefined) call.setStatus({ code: SpanStatusCode.ERROR, message: error });
      call.end();
    },
    end({ attributes, error }) {
      opened.setAttributes(attributes);
      if (error !== undefined) opened.setStatus({ code: SpanStatusCode.ERROR, message: error });
      opened.end();
    },
  };
}
