import type { Exchange } from '../exchange.ts';
import { createFairScheduler } from './fair-scheduler.ts';

/** Longer bodies are parsed in turns: parsing takes up to a millisecond per this many characters. */
const LONG_TO_PARSE = 64 * 1024;

export const isLongToParse = (body: string): boolean => body.length > LONG_TO_PARSE;

/** Waits for the turn to parse a body; undefined if that is now. */
export type TurnToParse = (exchange: Exchange, body: string) => Promise<void> | undefined;

export type TurnsToParseOptions = {
  clientOf: (exchange: Exchange) => string;
  /** Milliseconds since some moment, by a clock that is never set back. */
  elapsedMs: () => number;
};

/** Clients take turns at parsing long bodies, wherever they are parsed. Short ones are parsed at once. */
export function createTurnsToParse({ clientOf, elapsedMs }: TurnsToParseOptions): TurnToParse {
  const turns = createFairScheduler({ elapsedMs });
  return (exchange, body) => (isLongToParse(body) ? turns(clientOf(exchange)) : undefined);
}
