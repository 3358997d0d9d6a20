import { CertificateInUseError } from '../../../resources/stages/certificate-in-use.ts';
import { builder } from '../builder.ts';
import { ErrorInterface } from '../error.ts';
import { StageIndexRef } from './connection.ts';
import { ApiStageRef } from './type.ts';

builder.objectType(CertificateInUseError, {
  name: 'CertificateInUseError',
  description: 'A stage uses the certificate, or not all stages have been read, so that one may.',
  interfaces: [ErrorInterface],
  fields: (t) => ({
    stages: t.field({
      type: [ApiStageRef],
      description: 'The stages that are known to use it, or that this service is just putting it on.',
      extensions: { directives: { listSize: { assumedSize: 300 } } },
      resolve: (error, _, { apiStages }) => apiStages.shown(error).stages,
    }),
    index: t.field({
      type: StageIndexRef,
      description: 'How much of AWS is known.',
      resolve: (error, _, { apiStages }) => apiStages.shown(error).index,
    }),
  }),
});
