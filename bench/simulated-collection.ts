import { decodePosition, encodePosition } from '../src/emulator/position.ts';
import { idOf } from './stub-certificates.ts';

/** The certificates of one account and region, as AWS's answers. */
export type Collection = {
  page(limit: number, position: string | null): Buffer;
  /** Undefined if there is no such certificate. */
  one(id: string): Buffer | undefined;
};

/** The collection of the certificates with these numbers. The page with all is prepared, because most reads get it. */
export function createCollection(numbers: number[], write: (number: number) => string): Collection {
  const pageOf = (limit: number, position: string | null) => {
    const after = position === null ? '' : decodePosition(position);
    const left = numbers.filter((number) => idOf(number) > after);
    const item = left.slice(0, limit);
    const last = left.length > limit ? item.at(-1) : undefined;
    const next = last === undefined ? '' : `,"position":"${encodePosition(idOf(last))}"`;
    return Buffer.from(`{"item":[${item.map(write).join()}]${next}}`);
  };
  const whole = pageOf(numbers.length, null);
  return {
    page: (limit, position) =>
      position === null && limit >= numbers.length ? whole : pageOf(limit, position),
    one: (id) => {
      const number = numbers.find((other) => idOf(other) === id);
      return number === undefined ? undefined : Buffer.from(write(number));
    },
  };
}
