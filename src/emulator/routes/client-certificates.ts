import * as operations from '../operations/client-certificates.ts';
import { integer, label, patchOperations, string, stringMap } from '../request.ts';
import { noBody, type Route, route } from '../route.ts';
import * as views from '../views/client-certificates.ts';

const CERTIFICATES = '/clientcertificates';
const CERTIFICATE = '/clientcertificates/{clientCertificateId}';

export const clientCertificateRoutes: Route[] = [
  route('GetClientCertificates', 'GET', CERTIFICATES, 200, views.certificates, (account, { query }) =>
    operations.getClientCertificates(account, {
      limit: integer(query.get('limit')),
      position: query.get('position') ?? undefined,
    }),
  ),
  route('GenerateClientCertificate', 'POST', CERTIFICATES, 201, views.certificate, (account, { body }) =>
    operations.generateClientCertificate(account, {
      description: string(body['description']),
      tags: stringMap(body['tags']),
    }),
  ),
  route('GetClientCertificate', 'GET', CERTIFICATE, 200, views.certificate, (account, request) =>
    operations.getClientCertificate(account, { clientCertificateId: label(request, 'clientCertificateId') }),
  ),
  route('UpdateClientCertificate', 'PATCH', CERTIFICATE, 200, views.certificate, (account, request) =>
    operations.updateClientCertificate(account, {
      clientCertificateId: label(request, 'clientCertificateId'),
      patchOperations: patchOperations(request.body['patchOperations']),
    }),
  ),
  route('DeleteClientCertificate', 'DELETE', CERTIFICATE, 202, noBody, (account, request) =>
    operations.deleteClientCertificate(account, {
      clientCertificateId: label(request, 'clientCertificateId'),
    }),
  ),
];
