import type { HttpRequest, HttpResponse } from '../exchange.ts';
import type { TrustBundleFormat } from '../resources/client-certificates/trust-bundle-texts.ts';
import { textFile } from './text-file.ts';

const CONTENT_TYPES: Partial<Record<TrustBundleFormat, string>> = {
  PEM: 'application/x-pem-file',
  ENVOY: 'application/yaml; charset=utf-8', // https://www.rfc-editor.org/rfc/rfc9512
  JSON: 'application/json; charset=utf-8',
};

/** The bundle as a file, or a 304 if the client has it. */
export const trustBundleFile = (
  request: HttpRequest,
  format: TrustBundleFormat,
  text: string,
): HttpResponse => textFile(request, text, CONTENT_TYPES[format] ?? 'text/plain; charset=utf-8');
