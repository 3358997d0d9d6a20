import { randomUUID } from 'node:crypto';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import { CertwayError, UpstreamError } from '../errors.ts';
import { MaskedError } from './error-masking.ts';

const REQUEST_ID = /^[\w.:/+=-]{1,128}$/;

/**
 * Gives each request an id, the client's own `x-request-id` where it sent a sane one, and logs under it what went
 * wrong: failures of AWS with what AWS said, and errors that the client saw only masked.
 */
export function useRequestLog(log: Logger): Plugin {
  const ids = new WeakMap<Request, string>();
  function idOf(request: Request): string {
    const given = request.headers.get('x-request-id') ?? '';
    const id = ids.get(request) ?? (REQUEST_ID.test(given) ? given : randomUUID());
    ids.set(request, id);
    return id;
  }
  return {
    onResultProcess({ request, result }) {
      if (!('errors' in result)) return;
      for (const error of result.errors ?? []) {
        const requestId = idOf(request);
        const cause = error.originalError ?? error;
        if (cause instanceof UpstreamError || (cause instanceof CertwayError && cause.aws))
          log.warn({ requestId, code: cause.code, reason: cause.message, aws: cause.aws }, 'AWS failed');
        if (cause instanceof MaskedError) log.error({ requestId, err: cause.unexpected }, 'unexpected error');
      }
    },
    onResponse({ request, response }) {
      response.headers.set('x-request-id', idOf(request));
    },
  };
}
