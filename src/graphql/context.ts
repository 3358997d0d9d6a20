import type { Viewer } from '../auth/viewer.ts';
import type { AwsUse } from '../aws/use.ts';
import type { ClientCertificateChanges } from '../resources/client-certificates/changes/changes.ts';
import type { Expiry } from '../resources/client-certificates/client-certificate.ts';
import type { ClientCertificates } from '../resources/client-certificates/client-certificates.ts';
import type { AccountRegionStates } from '../resources/everywhere/account-region-states.ts';
import type { ApiStages } from '../resources/stages/api-stages.ts';
import type { FieldErrors } from './field-errors.ts';

/** What the resolvers of one operation share. */
export type Context = {
  readonly viewer: Viewer;
  readonly clientCertificates: ClientCertificates;
  /** For subscriptions. */
  readonly changes: ClientCertificateChanges;
  readonly apiStages: ApiStages;
  readonly accountRegions: AccountRegionStates;
  readonly expiry: Expiry;
  readonly awsUse: AwsUse;
  readonly fieldErrors: FieldErrors;
};
