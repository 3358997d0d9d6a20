import type { Plugin } from 'graphql-yoga';
import { firstOf } from '../../errors.ts';

/** Has an answer tell only so many errors of fields: each is copied, logged and written, and a list can have thousands. */
export function useFewFieldErrors(): Plugin {
  return {
    onExecute: () => ({
      onExecuteDone({ result, setResult }) {
        if ('errors' in result && result.errors) setResult({ ...result, errors: firstOf(result.errors) });
      },
    }),
  };
}
