import { InvalidInputError, NotFoundError } from '../../../errors/errors.ts';
import type { Tested } from '../../../resources/stages/test-certificate.ts';
import { addMutation, type PayloadFieldBuilder } from '../mutation.ts';

addMutation('testClientCertificate', {
  description:
    'Has API Gateway call the backend of a REST API with a certificate, before a stage gets it: a real request, of the API as it is edited ' +
    'now, with the variables of the stage. 3 AWS calls for an API of up to 500 resources, and one more for a certificate that is not known. ' +
    'Also requires the scope `client-certificates:read`.',
  scope: 'stages:write',
  input: {
    description: 'What to call, and with which certificate.',
    argument: 'What, and with which.',
    fields: (t) => ({
      id: t.id({ description: "The certificate: the global id, the ARN, or AWS's own id." }),
      stage: t.id({ description: 'The global id or the ARN of a stage of a REST API.' }),
      method: t.string({
        required: false,
        defaultValue: 'GET',
        description: 'The HTTP method. Other than GET, HEAD and OPTIONS, it may change what the backend has.',
      }),
      path: t.string({
        required: false,
        description:
          'The path in the API, with a query if needed, such as `/orders/7`. By default that of the first resource without parameters ' +
          'that calls an HTTP backend.',
      }),
    }),
  },
  payload: {
    description: 'What the backend answered.',
    fields: (t: PayloadFieldBuilder<Tested>) => ({
      status: t.exposeInt('status', {
        description:
          'The HTTP status. If the backend could not be called it is 500 or 504, and the log says why.',
      }),
      latencyMs: t.exposeInt('latencyMs', { description: 'How long it took, in milliseconds.' }),
      accepted: t.exposeBoolean('accepted', {
        description:
          'Whether the status is below 400, as is that of the backend, for which the API may answer another. If not, the backend ' +
          'may have refused the certificate, or the request for another reason: see `log`. A backend that asks for no certificate accepts any.',
      }),
      log: t.exposeString('log', {
        description:
          "API Gateway's log of the request, with headers and bodies: up to 8192 characters. Values of stage variables of at " +
          'least 6 characters are replaced by their names.',
      }),
    }),
  },
  result: {
    description: 'What the backend answered, or why it was not called.',
    errors: [InvalidInputError, NotFoundError],
  },
  run: (input, { apiStages }) => apiStages.test(input),
});
