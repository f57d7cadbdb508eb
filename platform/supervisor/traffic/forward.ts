import { type IncomingMessage, type ServerResponse, request as send } from 'node:http';
import type { Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import { forwardedHeaders, toPairs } from './forwarded-headers.ts';

/** A request whose body has not been read. */
export interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  /** Of a request to switch the protocol: its connection, and what the client has sent after the request. */
  upgrade?: { socket: Duplex; head: Buffer };
}

/** How long the end of an answer waits for a body that the instance did not want. */
const BODY_MS = 1_000;

/**
 * Hands a request over to an instance and its answer back, both as they come. Whichever side leaves, the other is told.
 * How long it may take is for the edge to say, which ends its connection then.
 * @param onFailure called when the instance broke off before it answered anything
 */
export function forward(visit: Visit, socketPath: string, onFailure: (error: Error) => void): void {
  const { request, response, upgrade } = visit;
  const protocol = upgrade && request.headers.upgrade;
  const onward = send({
    socketPath,
    agent: false,
    method: request.method,
    path: request.url,
    // An instance that closed behind its answer would break what is still being written, and the answer with it.
    headers: forwardedHeaders(request.rawHeaders, protocol === undefined ? 'keep-alive' : { upgrade: protocol }),
  });
  onward.on('continue', () => response.writeContinue());
  onward.on('information', ({ statusCode, headers }) => {
    if (statusCode === 103 && headers.link !== undefined) response.writeEarlyHints({ link: headers.link });
  });
  onward.on('response', (answer) => answerWith(answer, request, response));
  onward.on('upgrade', (answer, instance, head) => {
    if (upgrade) switchProtocol(answer, instance, head, response, upgrade);
  });
  onward.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else if (!response.closed) onFailure(error);
  });
  response.once('close', () => onward.destroy());
  onward.on('socket', keepBytes);
  // The instance decides by the headers alone whether it wants the body.
  onward.flushHeaders();
  request.on('end', () => {
    onward.addTrailers(toPairs(request.rawTrailers));
    onward.end();
  });
  request.pipe(onward, { end: false });
}

/** Node reads headers as Latin-1, byte by byte, and would write those that are flushed before a body as UTF-8. */
const keepBytes = (socket: Duplex) => void socket.setDefaultEncoding('latin1');

function answerWith(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): void {
  response.sendDate = false;
  if (response.socket) keepBytes(response.socket);
  response.writeHead(answer.statusCode as number, answer.statusMessage, forwardedHeaders(answer.rawHeaders, 'close'));
  response.flushHeaders();
  answer.on('end', () => {
    response.addTrailers(toPairs(answer.rawTrailers));
    if (request.readableEnded) return void response.end();
    // Closing while a body is still on its way breaks the edge's writing, and its client sees no answer.
    request.once('end', () => response.end()).resume();
    setTimeout(() => response.end(), BODY_MS).unref();
  });
  // Half an answer must not look like a whole one.
  answer.on('error', () => response.destroy());
  answer.pipe(response, { end: false });
}

function switchProtocol(
  answer: IncomingMessage,
  instance: Socket,
  head: Buffer,
  response: ServerResponse,
  upgrade: NonNullable<Visit['upgrade']>,
): void {
  const client = upgrade.socket;
  response.detachSocket(client as Socket);
  const lines = toPairs(forwardedHeaders(answer.rawHeaders, { upgrade: answer.headers.upgrade as string })).map(
    (pair) => pair.join(': '),
  );
  keepBytes(client);
  client.write(`HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${lines.join('\r\n')}\r\n\r\n`);
  client.write(head);
  instance.write(upgrade.head);
  // An end that was not in order shows as the other side's end; there is no one else to tell.
  pipeline(client, instance, () => {});
  pipeline(instance, client, () => {});
}
