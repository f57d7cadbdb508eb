import { imageCatalogue } from '../../modules/models/images/provide-catalogue.ts';
import { tokens } from '../../modules/people/identity/provide-tokens.ts';
import { generations } from '../../modules/pictures/generations/provide-generations.ts';
import type { Provided } from '../../platform/runtime/boot.ts';
import { authenticate } from '../../platform/runtime/http/authenticate.ts';
import { limitRefused } from '../../platform/runtime/http/limit-refused.ts';
import { createRouter, keepOutOfCaches } from '../../platform/runtime/http/router.ts';
import { feed } from '../../platform/runtime/providers/feed.ts';
import { refusedCredentials } from '../../platform/runtime/providers/refused-credentials.ts';
import { storage } from '../../platform/runtime/providers/storage.ts';
import { limitRequests, requestLimit } from './limit-requests.ts';
import { cancelImage } from './routes/cancel-image.ts';
import { createImage } from './routes/create-image.ts';
import { deleteImage } from './routes/delete-image.ts';
import { downloadPicture } from './routes/download-picture.ts';
import { followImage } from './routes/follow-image.ts';
import { getImage } from './routes/get-image.ts';
import { hearCallback } from './routes/hear-callback.ts';
import { listImages } from './routes/list-images.ts';
import { listModels } from './routes/list-models.ts';
import { openSocket } from './routes/open-socket.ts';

export const provide = { tokens, feed, generations, imageCatalogue, storage, refusedCredentials, requestLimit };

export function createApp(deps: Provided<typeof provide>) {
  const router = createRouter();
  router.use(keepOutOfCaches('private, no-store'));
  // A provider has the token of one generation, and a WebSocket says who it is in its first message.
  hearCallback(router, deps);
  openSocket(router, deps);
  router.use(limitRefused(authenticate(deps.tokens, 'images'), deps.refusedCredentials));
  router.use(limitRequests(deps.requestLimit));
  createImage(router, deps);
  listImages(router, deps);
  listModels(router, deps);
  getImage(router, deps);
  deleteImage(router, deps);
  cancelImage(router, deps);
  followImage(router, deps);
  downloadPicture(router, deps);
  return router;
}
