import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { ImagePerson } from './people.ts';

export interface HeardImage {
  id: string;
  status: string;
  endedAt?: string;
  startedAt?: string;
}

export interface ImageSocket {
  follow(id: string): void;
  isOpen(): boolean;
  end(): void;
}

/**
 * An authorized socket of a person.
 * @throws when it is refused, or closed before it is authorized
 */
export async function openImageSocket(
  origin: string,
  { token }: Pick<ImagePerson, 'token'>,
  onImage: (image: HeardImage) => void = () => {},
): Promise<ImageSocket> {
  const socket = new WebSocket(`${origin.replace(/^http/, 'ws')}/api/images/socket`, 'pandect.v1', {
    perMessageDeflate: false,
  });
  const authorized = Promise.withResolvers<void>();
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as { type: string; image?: HeardImage };
    if (message.type === 'authorized') authorized.resolve();
    else if (message.image) onImage(message.image);
  });
  socket.on('close', (code) => authorized.reject(new Error(`Open socket: closed with ${code}`)));
  // Its close is told as well.
  socket.on('error', () => {});
  await Promise.race([once(socket, 'open'), authorized.promise]);
  socket.send(JSON.stringify({ type: 'authorize', token }));
  await authorized.promise;
  return {
    follow: (id) => socket.send(JSON.stringify({ type: 'follow', id })),
    isOpen: () => socket.readyState === WebSocket.OPEN,
    end: () => socket.terminate(),
  };
}
