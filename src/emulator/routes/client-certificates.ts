import * as operations from '../operations/client-certificates.ts';
import { integer, label, patchOperations, string, stringMap } from '../request.ts';
import { noBody, type Route, route } from '../route.ts';
import * as views from '../views/client-certificates.ts';

const CERTIFICATES = '/clientcertificates';
const CERTIFICATE = '/clientcertificates/{clientCertificateId}';

export const clientCertificateRoutes: Route[] = [
  route('GetClientCertificates', 'GET', CERTIFICATES, 200, views.certificates, (accountRegion, { query }) =>
    operations.getClientCertificates(accountRegion, {
      limit: integer(query.get('limit')),
      position: query.get('position') ?? undefined,
    }),
  ),
  route(
    'GenerateClientCertificate',
    'POST',
    CERTIFICATES,
    201,
    views.certificate,
    (accountRegion, { body }) =>
      operations.generateClientCertificate(accountRegion, {
        description: string(body['description']),
        tags: stringMap(body['tags']),
      }),
  ),
  route('GetClientCertificate', 'GET', CERTIFICATE, 200, views.certificate, (accountRegion, request) =>
    operations.getClientCertificate(accountRegion, {
      clientCertificateId: label(request, 'clientCertificateId'),
    }),
  ),
  route('UpdateClientCertificate', 'PATCH', CERTIFICATE, 200, views.certificate, (accountRegion, request) =>
    operations.updateClientCertificate(accountRegion, {
      clientCertificateId: label(request, 'clientCertificateId'),
      patchOperations: patchOperations(request.body['patchOperations']),
    }),
  ),
  route('DeleteClientCertificate', 'DELETE', CERTIFICATE, 202, noBody, (accountRegion, request) =>
    operations.deleteClientCertificate(accountRegion, {
      clientCertificateId: label(request, 'clientCertificateId'),
    }),
  ),
];
