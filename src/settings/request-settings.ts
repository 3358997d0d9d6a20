import { milliseconds, wholeNumber } from './parsers.ts';
import { setting, type Values } from './setting.ts';

/** How large requests and answers may be, and how long they may take. */
export const REQUEST_SETTINGS = {
  MAX_BODY_BYTES: setting(
    wholeNumber(1024, 16 * 1024 * 1024),
    '262144',
    'Maximum size of a request body; a larger one is refused with 413.',
  ),
  MAX_TOKENS: setting(wholeNumber(10, 100_000), '2000', 'Maximum number of tokens in a GraphQL document.'),
  MAX_DEPTH: setting(wholeNumber(1, 1000), '12', 'Maximum depth of nested fields.'),
  MAX_ALIASES: setting(wholeNumber(0, 10_000), '100', 'Maximum number of aliases in an operation.'),
  MAX_DIRECTIVES: setting(wholeNumber(0, 10_000), '50', 'Maximum number of directives in an operation.'),
  MAX_COST: setting(
    wholeNumber(1, 100_000_000),
    '75000',
    'Maximum number of fields in an answer, counting full pages, 50 tags per certificate, and 5000 per text of a trust bundle.',
  ),
  MAX_RESPONSE_BYTES: setting(
    wholeNumber(1024, 1024 * 1024 * 1024),
    '8388608',
    'Maximum size of an answer; a page of 500 with every field is about 1 MB.',
  ),
  REQUEST_TIMEOUT_MS: setting(
    milliseconds,
    '15000',
    'How long an operation may take, counted from the arrival of the request.',
  ),
  HEADERS_TIMEOUT_MS: setting(
    milliseconds,
    '10000',
    'How long a client may take to send the headers of a request.',
  ),
  IDLE_TIMEOUT_MS: setting(milliseconds, '65000', 'How long a connection may stay open between requests.'),
  DRAIN_DELAY_MS: setting(
    wholeNumber(0, 3_600_000),
    '0',
    'On shutdown: how long to answer 503 at /ready before new connections are refused.',
  ),
  DRAIN_TIMEOUT_MS: setting(
    milliseconds,
    '20000',
    'On shutdown: how long the running requests may take after that.',
  ),
};

/** How often a subscription without events sends something, which Yoga decides. */
const PING_MS = 12_000;

/** A connection without any traffic is closed after both timeouts together. */
export function timeoutComplaints(
  { REQUEST_TIMEOUT_MS, IDLE_TIMEOUT_MS }: Partial<Values<typeof REQUEST_SETTINGS>>,
  maxSubscriptions: number | undefined,
): string[] {
  if (!maxSubscriptions || REQUEST_TIMEOUT_MS === undefined || IDLE_TIMEOUT_MS === undefined) return [];
  const together = REQUEST_TIMEOUT_MS + IDLE_TIMEOUT_MS;
  if (together > PING_MS) return [];
  return [
    `IDLE_TIMEOUT_MS: expected more than ${PING_MS} together with REQUEST_TIMEOUT_MS, since MAX_SUBSCRIPTIONS is not 0; ` +
      `got ${together}`,
  ];
}
