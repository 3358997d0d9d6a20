import * as operations from './operations.ts';
import { type EmulatorRequest, integer, patchOperations, string, stringMap } from './request.ts';
import * as views from './views.ts';

/** An AWS operation on the wire: its method, its path with at most one label, and what it answers with. */
export type Route = {
  operation: string;
  method: string;
  path: RegExp;
  status: number;
  answer(
    account: operations.Account,
    request: EmulatorRequest,
    url: URL,
    plainJson: boolean,
  ): Promise<object | undefined>;
};

const CERTIFICATES = /^\/clientcertificates$/;
const CERTIFICATE = /^\/clientcertificates\/([^/]+)$/;
/** The SDKs percent-encode the slashes of the ARN; a proxy between may have decoded them. */
const TAGS = /^\/tags\/(.+)$/;

/** https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html, those of client certificates and tags. */
export const routes: Route[] = [
  route('GetClientCertificates', 'GET', CERTIFICATES, 200, views.certificates, (account, { query }) => {
    const limit = integer(query.get('limit'));
    const position = query.get('position');
    return operations.getClientCertificates(account, {
      ...(limit !== undefined && { limit }),
      ...(position !== null && { position }),
    });
  }),
  route('GenerateClientCertificate', 'POST', CERTIFICATES, 201, views.certificate, (account, { body }) =>
    operations.generateClientCertificate(account, {
      description: string(body['description']),
      tags: stringMap(body['tags']),
    }),
  ),
  route('GetClientCertificate', 'GET', CERTIFICATE, 200, views.certificate, (account, { label }) =>
    operations.getClientCertificate(account, { clientCertificateId: label }),
  ),
  route('UpdateClientCertificate', 'PATCH', CERTIFICATE, 200, views.certificate, (account, { label, body }) =>
    operations.updateClientCertificate(account, {
      clientCertificateId: label,
      patchOperations: patchOperations(body['patchOperations']),
    }),
  ),
  route('DeleteClientCertificate', 'DELETE', CERTIFICATE, 202, views.noBody, (account, { label }) =>
    operations.deleteClientCertificate(account, { clientCertificateId: label }),
  ),
  route('GetTags', 'GET', TAGS, 200, views.tags, (account, { label, region }) =>
    operations.getTags(account, { resourceArn: label }, region),
  ),
  route('TagResource', 'PUT', TAGS, 204, views.noBody, (account, { label, body, region }) =>
    operations.tagResource(account, { resourceArn: label, tags: stringMap(body['tags']) }, region),
  ),
  route('UntagResource', 'DELETE', TAGS, 204, views.noBody, (account, { label, query, region }) =>
    operations.untagResource(account, { resourceArn: label, tagKeys: query.getAll('tagKeys') }, region),
  ),
];

function route<Output>(
  operation: string,
  method: string,
  path: RegExp,
  status: number,
  view: views.View<Output>,
  run: (account: operations.Account, request: EmulatorRequest) => Output | Promise<Output>,
): Route {
  return {
    operation,
    method,
    path,
    status,
    answer: async (account, request, url, plainJson) => {
      const output = await run(account, request);
      return plainJson ? view.json(output) : view.hal(output, url);
    },
  };
}
