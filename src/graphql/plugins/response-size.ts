import { GraphQLError } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import type { ServerContext } from './operation.ts';

/**
 * Refuses to send answers of more than `maxBytes`. They are measured before they are written: until then they hold the
 * same few texts again and again, however often these were asked for.
 */
export function useResponseLimit(maxBytes: number): Plugin<Record<never, never>, ServerContext> {
  return {
    onResultProcess({ result, setResult, serverContext }) {
      if (Array.isArray(result) || Symbol.asyncIterator in result) return;
      const { data, errors } = result;
      const { exchange, params }: ServerContext & Partial<YogaInitialContext> = serverContext;
      const { operation } = exchange;
      const most = (operation?.cost ?? 0) * (MAX_FIELD_BYTES + (params?.query?.length ?? 0));
      if (!errors && most <= maxBytes) return;
      const said = errors?.map(({ message, path, extensions }) => ({ message, path, extensions }));
      if (isLarger([data, said], maxBytes))
        setResult({ data: null, errors: [tooLarge(maxBytes, operation?.type === 'mutation')] });
    },
  };
}

function tooLarge(maxBytes: number, isMutation: boolean): GraphQLError {
  const message = `The answer is too large: expected up to ${maxBytes} bytes, got more.`;
  return new GraphQLError(isMutation ? `${message} The changes were made.` : message, {
    extensions: { code: 'RESPONSE_TOO_LARGE' },
  });
}

/** To count bytes takes many times as long as characters, of which one has up to 6, as in `\u0001`. */
const isLarger = (value: unknown, maxBytes: number): boolean =>
  leftOf(maxBytes / 6, value, ({ length }) => length) < 0 && leftOf(maxBytes, value, bytesOf) < 0;

/** In JSON, which escapes some. */
const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - QUOTES;

/** What is left of `size` by a value in JSON; a negative number if it is larger. */
function leftOf(size: number, value: unknown, sizeOf: (text: string) => number): number {
  if (typeof value === 'string') return size - sizeOf(value) - QUOTES;
  if (typeof value !== 'object' || value === null) return size - SHORT;
  if (value instanceof Date) return size - DATE;
  let left = size - BRACKETS;
  if (Array.isArray(value))
    for (const item of value) {
      if (left < 0) break;
      left = leftOf(left - COMMA, item, sizeOf);
    }
  else
    for (const name of Object.keys(value)) {
      if (left < 0) break;
      left = leftOf(left - name.length - NAME, value[name as keyof typeof value], sizeOf);
    }
  return left;
}

/** A description of 1024 characters is the longest value, each of up to 6 bytes. Its name may be all of the document. */
const MAX_FIELD_BYTES = 6144;

const QUOTES = 2;
const SHORT = 5;
const DATE = 26;
const BRACKETS = 2;
const COMMA = 1;
/** Its quotes, and what is around it. */
const NAME = 4;
