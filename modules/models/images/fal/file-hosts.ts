/** Where fal keeps pictures. */
export const falFileHosts: readonly string[] = ['v3.fal.media', 'v3b.fal.media'];
