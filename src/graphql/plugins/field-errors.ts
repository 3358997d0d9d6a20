import type { Plugin } from 'graphql-yoga';
import { firstOf } from '../field-errors.ts';

/** Bounds the field errors of an answer: each is copied, logged and sent, and a list can have thousands. */
export function useFewFieldErrors(): Plugin {
  return {
    onSubscribe: () => ({
      onSubscribeResult: () => ({
        onNext({ result, setResult }) {
          if (result.errors) setResult({ ...result, errors: firstOf(result.errors) });
        },
      }),
    }),
    onExecute: () => ({
      onExecuteDone({ result, setResult }) {
        if ('errors' in result && result.errors) setResult({ ...result, errors: firstOf(result.errors) });
      },
    }),
  };
}
