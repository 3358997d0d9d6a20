import {
  EventBridgeClient,
  type EventBridgeClientConfig,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { parseX509 } from '../resources/client-certificates/x509.ts';
import type { Clock } from '../time/clock.ts';
import { DAY_MS } from '../time/day.ts';
import { isExpired, type Notice } from './notice.ts';
import { DeliveryError, type Sink, TIMEOUT_MS } from './sink.ts';

export type EventBridgeOptions = Pick<Sink, 'name' | 'key'> & {
  /** A name, or an ARN, which also says the region. */
  bus: string;
  /** What the SDK does not find by itself. */
  client: EventBridgeClientConfig;
  clock: Pick<Clock, 'timeout'>;
};

/**
 * An event bus, whose rules reach SNS, mail, Lambda and others. The events are those of ACM
 * (https://docs.aws.amazon.com/acm/latest/userguide/supported-events.md), so that a rule for them needs only one more source. One
 * event at once, so that the bus accepts or refuses each by itself.
 */
export function createEventBridgeSink(options: EventBridgeOptions): Sink {
  const { name, key, bus, client: config, clock } = options;
  const [, region] = /^arn:[^:]+:events:([^:]+):/.exec(bus) ?? [];
  // The outbox tries again, and counts each attempt.
  const client = new EventBridgeClient({ ...config, ...(region && { region }), maxAttempts: 1 });
  return {
    name,
    key,
    most: 1,
    compose: ([notice]) => ({
      id: notice.id,
      body: JSON.stringify(entryOf(notice, bus)),
      contentType: 'application/json',
    }),
    send: async ({ body }) => {
      const { Time, ...entry } = JSON.parse(body);
      const command = new PutEventsCommand({ Entries: [{ ...entry, Time: new Date(Time) }] });
      const abortSignal = clock.timeout(TIMEOUT_MS);
      const { FailedEntryCount, Entries } = await Promise.race([
        client.send(command, { abortSignal }),
        rejectionBy(abortSignal),
      ]).catch((error: Error) => {
        throw new DeliveryError(`no success: ${error.name}`);
      });
      if (FailedEntryCount !== 0)
        throw new DeliveryError(`refused: ${Entries?.[0]?.ErrorCode ?? 'no reason'}`);
    },
    close: () => client.destroy(),
  };
}

/** Rejects once the signal is aborted. The SDK's own timeouts are neither for credentials nor for the end of an answer. */
async function rejectionBy(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason));
  return promise;
}

/** Sources that begin with `aws.` are AWS's own. */
function entryOf(notice: Notice, bus: string): object {
  return {
    EventBusName: bus,
    Source: 'certway',
    DetailType: `API Gateway Client Certificate ${isExpired(notice) ? 'Expired' : 'Approaching Expiration'}`,
    Time: notice.passedAt.toISOString(),
    Resources: [notice.certificate.arn],
    Detail: JSON.stringify(detailOf(notice)),
  };
}

/** ACM's names first; ours begin with `Id`. */
function detailOf({ id, certificate, use, severity, thresholdDays, daysUntilExpiration }: Notice): object {
  const { createdDate, expirationDate } = certificate;
  return {
    DaysToExpiry: daysUntilExpiration,
    CommonName: commonNameOf(certificate.pemEncodedCertificate),
    ValidityInDays: Math.round((expirationDate.getTime() - createdDate.getTime()) / DAY_MS),
    CertificateCreatedDate: createdDate.toISOString(),
    CertificateExpirationDate: expirationDate.toISOString(),
    InUse: use.usage === 'UNKNOWN' ? undefined : use.usage === 'IN_USE',
    Id: id,
    Severity: severity,
    ThresholdDays: thresholdDays,
    ClientCertificateId: certificate.clientCertificateId,
    Description: certificate.description,
    Account: certificate.account,
    AccountId: certificate.accountId,
    Region: certificate.region,
    Usage: use.usage,
    Stages: use.stages,
    IsReplaced: use.isReplaced,
  };
}

/** Undefined if AWS sent a broken PEM. */
function commonNameOf(pemEncodedCertificate: string): string | undefined {
  const parsed = parseX509(pemEncodedCertificate);
  return parsed instanceof Error ? undefined : /(?:^|, )CN=([^,]+)/.exec(parsed.subject)?.[1];
}
