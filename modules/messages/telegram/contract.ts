/** A part of a text that is shown in another way; `offset` and `length` count UTF-16 units. */
export interface TextEntity {
  type: 'bold' | 'italic' | 'code' | 'pre' | 'blockquote' | 'expandable_blockquote' | 'text_link' | 'spoiler';
  offset: number;
  length: number;
  /** Of a `text_link`. */
  url?: string;
}

/** A text with entities in place of markup, in which nothing can fail to parse. */
export interface RichText {
  text: string;
  entities: readonly TextEntity[];
}

/** A button under a message: it sends `data` (1–64 bytes), opens `url`, or pays the invoice that it stands under. */
export type Button = { text: string } & ({ data: string } | { url: string } | { pay: true });

/** Rows of buttons. */
export type Keyboard = readonly (readonly Button[])[];

/** A picture or file of our storage; where its `file_id` for this bot is known it is not uploaded again. */
export interface OutgoingFile {
  storageKey: string;
  fileName: string;
  type: string;
  bytes: number;
  /** Pixels, of a picture. What Telegram takes for no photo is sent as a document. */
  width?: number;
  height?: number;
}

/** One thing to be done in a chat. */
export type OutgoingAction =
  | { kind: 'text'; text: RichText; keyboard?: Keyboard }
  /**
   * Of the message that a step of the same occasion has sent, or that has this id in the chat, such as one whose button was pressed; where
   * it is gone, a new one is sent.
   */
  | { kind: 'edit'; of: string | number; text: RichText; keyboard?: Keyboard }
  | { kind: 'delete'; of: string | number }
  | { kind: 'photo'; file: OutgoingFile; caption?: RichText; keyboard?: Keyboard }
  | { kind: 'document'; file: OutgoingFile; caption?: RichText; keyboard?: Keyboard }
  | {
      kind: 'invoice';
      title: string;
      description: string;
      /** 1–128 bytes. */
      payload: string;
      /** Whole Stars. */
      stars: number;
      label: string;
    };

/** What a bot is to send; stored in the transaction of the work that it tells of, and sent after it, in order, once. */
export interface OutgoingMessage {
  botId: string;
  organizationId: string;
  chatId: string;
  /** What it answers: `update:<id>`, `image:<id>`, `letter:<id>`. With `step` it names the message: the same is stored once. */
  occasion: string;
  step: string;
  action: OutgoingAction;
}
