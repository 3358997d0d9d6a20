import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
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
      const { operation } = serverContext.exchange;
      const said = errors?.map(({ message, path, extensions }) => ({ message, path, extensions }));
      if (leftOf(leftOf(maxBytes, data), said) < 0)
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

/** What is left of so many bytes by a value in JSON, but for what it escapes; a negative number if it is larger. */
function leftOf(bytes: number, value: unknown): number {
  if (typeof value === 'string') return bytes - Buffer.byteLength(value) - QUOTES;
  if (typeof value !== 'object' || value === null) return bytes - SHORT;
  if (value instanceof Date) return bytes - DATE;
  let left = bytes - BRACKETS;
  if (Array.isArray(value))
    for (const item of value) {
      if (left < 0) break;
      left = leftOf(left - COMMA, item);
    }
  else
    for (const [name, member] of Object.entries(value)) {
      if (left < 0) break;
      left = leftOf(left - name.length - NAME, member);
    }
  return left;
}

const QUOTES = 2;
const SHORT = 5;
const DATE = 26;
const BRACKETS = 2;
const COMMA = 1;
/** Its quotes, and what is around it. */
const NAME = 4;
