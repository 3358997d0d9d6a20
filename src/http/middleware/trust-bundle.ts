import { InvalidInputError } from '../../errors/errors.ts';
import type { Exchange, HttpResponse } from '../../exchange.ts';
import {
  TRUST_BUNDLE_FORMATS,
  type TrustBundleFormat,
  textOf,
} from '../../resources/client-certificates/trust-bundle-texts.ts';
import type { GraphQLOptions } from '../graphql.ts';
import { badRequest, type Middleware, refusal, refuseWrite } from '../middleware.ts';
import { askOwn } from '../own-operation.ts';
import { isUtf8Query } from '../target.ts';
import { trustBundleFile } from '../trust-bundle-file.ts';
import { parseTrustBundleParameters } from '../trust-bundle-parameters.ts';
import { inSpan } from './tracing.ts';

/** The path above those of the formats: `/trust-bundle/pem`. */
const TRUST_BUNDLE = '/trust-bundle';

/** Whether it is for `serveTrustBundle` to answer. */
export const isTrustBundlePath = (path: string): boolean =>
  path === TRUST_BUNDLE || path.startsWith(`${TRUST_BUNDLE}/`);

const FORMATS = new Map(
  TRUST_BUNDLE_FORMATS.map((format) => [`${TRUST_BUNDLE}/${format.toLowerCase()}`, format]),
);

const documentOf = (format: TrustBundleFormat) => `query TrustBundle($filter: ClientCertificateFilter) {
  trustBundle(filter: $filter) { text(format: ${format}) }
}`;

type Data = { trustBundle: { text: string } };

/**
 * Answers a GET of a trust bundle with a file, and with 304 where the client has it. It is the GraphQL operation `TrustBundle`
 * in every respect: scope, turns, limits, log and metrics. A bundle of no certificate is 404, so that a misspelt tag does not
 * make a backend refuse everybody.
 */
export function serveTrustBundle(endpoint: string, execute: GraphQLOptions['execute']): Middleware {
  async function answer(exchange: Exchange, format: TrustBundleFormat): Promise<HttpResponse> {
    const { search, request } = exchange;
    if (!isUtf8Query(search)) return badRequest(exchange, 400, 'The query of the URL is not UTF-8.');
    const { filter, issues } = parseTrustBundleParameters(search);
    if (issues.length > 0) return refusal(exchange, 400, new InvalidInputError(issues));
    const { data, refused } = await askOwn<Data>(exchange, { endpoint, execute }, documentOf(format), {
      filter,
    });
    if (refused) return refused;
    const { text } = data.trustBundle;
    if (text === textOf(format, [])) return refusal(exchange, 404, NONE);
    return trustBundleFile(request, format, text);
  }

  return {
    before(exchange) {
      const { path } = exchange;
      if (!isTrustBundlePath(path)) return undefined;
      const format = FORMATS.get(path);
      if (!format)
        return badRequest(
          exchange,
          404,
          `There is nothing at this path; expected ${[...FORMATS.keys()].join(', ')}.`,
        );
      return refuseWrite(exchange) ?? inSpan(exchange, () => answer(exchange, format));
    },
  };
}

const NONE = { message: 'No client certificate matches.', extensions: { code: 'NOT_FOUND' } };
