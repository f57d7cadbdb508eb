/** Of the feed, by the generation's id: it has changed. */
export const generationTopic = 'image';

/** Of the feed, by the organization's id: any of its generations has changed. */
export const generationsTopic = 'images';

/** Of the feed, by the generation's id: the worker that has it is to look at once, for its provider called back or it is to be cancelled. */
export const hintTopic = 'image-hint';
