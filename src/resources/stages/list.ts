import type { InputIssue } from '../../errors/errors.ts';
import type { List } from '../../relay/list.ts';
import type { ClientCertificateStatus, Expiry } from '../client-certificates/client-certificate.ts';
import { isClientCertificateId, parseIdArgument } from '../client-certificates/id.ts';
import { type Item, isWhole } from '../client-certificates/list.ts';
import { emptyIssues } from '../filters.ts';
import type { ApiStage, StageCertificateSource } from './api-stage.ts';

type Maybe<T> = T | null | undefined;

/** Conditions for stages, all of which must hold. */
export type ApiStageFilter = {
  accounts?: Maybe<string[]>;
  regions?: Maybe<string[]>;
  certificateSource?: Maybe<StageCertificateSource[]>;
  clientCertificate?: Maybe<string>;
  clientCertificateStatus?: Maybe<ClientCertificateStatus[]>;
  danglingReference?: Maybe<boolean>;
};

/** All stages, by their ARNs: a place in that order stays valid whatever is created or deleted. */
export const apiStageList: List<ApiStage> = {
  type: 'ApiStage',
  idOf: ({ arn }) => arn,
  digest: '',
  order: { name: 'ARN', keyOf: () => null, descending: false },
};

/** The complaints about a filter. */
export function filterIssues(region: string, filter: ApiStageFilter): InputIssue[] {
  const { certificateSource, clientCertificate, clientCertificateStatus } = filter;
  const path = ['filter', 'clientCertificate'];
  return [
    ...emptyIssues('certificateSource', certificateSource),
    ...emptyIssues('clientCertificateStatus', clientCertificateStatus),
    ...(clientCertificate == null ? [] : parseIdArgument(region, clientCertificate, path).issues),
  ];
}

/** Finds a client certificate by AWS's id: null if there is none, an error if that cannot be told. */
export type FindCertificate = (clientCertificateId: string) => Item | null;

/** Whether the filter can only be applied with the client certificates at hand. */
export const needsCertificates = ({ clientCertificateStatus, danglingReference }: ApiStageFilter): boolean =>
  clientCertificateStatus != null || danglingReference != null;

/** Tells whether a stage matches the filter, which has no issues. */
export function matcher(
  region: string,
  { certificateSource, clientCertificate, clientCertificateStatus, danglingReference }: ApiStageFilter,
  expiry: Expiry,
  find: FindCertificate,
): (stage: ApiStage) => boolean {
  const wanted =
    clientCertificate == null
      ? undefined
      : parseIdArgument(region, clientCertificate, []).clientCertificateId;
  return (stage) => {
    const reference = clientCertificateIdOf(stage);
    const hasStatus = (statuses: ClientCertificateStatus[]): boolean => {
      const certificate = reference === undefined ? null : find(reference);
      return certificate !== null && isWhole(certificate) && statuses.includes(expiry.statusOf(certificate));
    };
    return (
      (certificateSource?.includes(stage.certificateSource) ?? true) &&
      (wanted === undefined || reference === wanted) &&
      (clientCertificateStatus == null || hasStatus(clientCertificateStatus)) &&
      (danglingReference == null || isDangling(stage, find) === danglingReference)
    );
  };
}

/** AWS's id of the client certificate that a stage refers to; undefined if it refers to none. */
export const clientCertificateIdOf = ({
  certificateSource,
  certificateReference,
}: ApiStage): string | undefined =>
  certificateSource === 'API_GATEWAY' ? (certificateReference ?? undefined) : undefined;

function isDangling(stage: ApiStage, find: FindCertificate): boolean {
  const reference = clientCertificateIdOf(stage);
  if (reference === undefined) return false;
  return !isClientCertificateId(reference) || find(reference) === null;
}
