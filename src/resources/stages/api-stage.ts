import { encodeGlobalId } from '../../relay/global-id.ts';
import { inAccount } from '../arn.ts';
import { type Place, type ShownPlace, shownPlace } from '../place.ts';
import type { Api } from './api.ts';
import { arnOf } from './id.ts';

/** Where the certificate of a stage is managed. */
export type StageCertificateSource = 'NONE' | 'API_GATEWAY' | 'ACM';

/** All that is kept of a stage: no variables, which may hold secrets, and no other settings. */
export type StageFacts = {
  name: string;
  /** The id of a client certificate, or the ARN of a certificate in ACM. */
  certificateReference: string | null;
  lastUpdatedDate: Date | null;
  /** Present if API Gateway lets nobody change it. */
  isManaged?: true;
};

/** A stage as AWS had it at `readAt`. */
export type ApiStage = StageFacts &
  ShownPlace & {
    /** The global id, for GraphQL's `node`. */
    id: string;
    arn: string;
    api: Api;
    certificateSource: StageCertificateSource;
    readAt: Date;
  };

export function toApiStage(place: Place, api: Api, facts: StageFacts, readAt: Date): ApiStage {
  const arn = arnOf(place.region, api, facts.name);
  return {
    ...facts,
    id: encodeGlobalId('ApiStage', inAccount(place.accountId, arn)),
    arn,
    ...shownPlace(place),
    api,
    certificateSource: sourceOf(facts.certificateReference),
    readAt,
  };
}

/**
 * AWS tells both by the form of the same member
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/rest-api-acm-client-certificates.html).
 */
function sourceOf(certificateReference: string | null): StageCertificateSource {
  if (certificateReference === null) return 'NONE';
  return certificateReference.startsWith('arn:') ? 'ACM' : 'API_GATEWAY';
}
