import type { Notice } from './notice.ts';

/** What is sent to a receiver at once. It contains no secret, so that it can be printed. */
export type Message = {
  /** The same for the same content. */
  id: string;
  body: string;
  contentType: string;
};

/** Who is told. */
export type Sink = {
  /** In metrics and the log; never a secret. */
  name: string;
  /** Names the receiver in the marks, as long as its settings stay. It does not tell them. */
  key: string;
  /** How many notices a message may have. */
  most: number;
  compose(notices: readonly [Notice, ...Notice[]]): Message;
  /** Says that a certificate needs no care any more, given its key; only if the receiver keeps track of that. */
  resolution?(about: string): Message;
  /** Resolves once the receiver has taken the message; rejects with a `DeliveryError`. */
  send(message: Message): Promise<void>;
  close(): void;
};

/** How long a receiver may take: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#deliverability-and-reliability */
export const TIMEOUT_MS = 15_000;

/** A receiver has not taken a message. Its words say nothing of the target but what it answered. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
  /** The receiver wants no other attempt before. */
  readonly retryAfterMs: number;
  /** Whether it takes no more than one notice at once. */
  readonly isTooMany: boolean;

  constructor(message: string, { retryAfterMs = 0, isTooMany = false } = {}) {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.isTooMany = isTooMany;
  }
}
