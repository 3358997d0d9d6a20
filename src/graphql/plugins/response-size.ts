import { GraphQLError } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { changeEach } from './each-result.ts';
import type { ServerContext } from './operation.ts';

/**
 * Refuses answers of more than `maxBytes`. They are measured before they are serialised, because until then repeated
 * texts take no memory.
 */
export function useResponseLimit(maxBytes: number): Plugin<Record<never, never>, ServerContext> {
  return {
    onResultProcess(processed) {
      const { exchange, params }: ServerContext & Partial<YogaInitialContext> = processed.serverContext;
      changeEach(processed, (result) => {
        const { data, errors } = result;
        const { operation } = exchange;
        const most = (operation?.cost ?? 0) * (MAX_FIELD_BYTES + (params?.query?.length ?? 0));
        if (!errors && most <= maxBytes) return result;
        const said = errors?.map(({ message, path, extensions }) => ({ message, path, extensions }));
        return isLarger([data, said], maxBytes)
          ? { data: null, errors: [tooLarge(maxBytes, operation?.type === 'mutation')] }
          : result;
      });
    },
  };
}

function tooLarge(maxBytes: number, isMutation: boolean): GraphQLError {
  const message = `The answer is too large: expected up to ${maxBytes} bytes, got more.`;
  return new GraphQLError(isMutation ? `${message} The changes were made.` : message, {
    extensions: { code: 'RESPONSE_TOO_LARGE' },
  });
}

/** Counts characters first, which is much faster than bytes. A character has up to 6 bytes, as `\u0001` does. */
const isLarger = (value: unknown, maxBytes: number): boolean =>
  leftOf(maxBytes / 6, value, ({ length }) => length) < 0 && leftOf(maxBytes, value, bytesOf) < 0;

/** The size in JSON, which escapes some characters. */
const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - QUOTES;

/** What is left of `size` after a value in JSON; negative if the value is larger. */
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

/** The longest value is a description of 1024 characters of up to 6 bytes. Its alias may be as long as the document. */
const MAX_FIELD_BYTES = 6144;

const QUOTES = 2;
const SHORT = 5;
const DATE = 26;
const BRACKETS = 2;
const COMMA = 1;
/** Quotes, colon and comma. */
const NAME = 4;
