import { Counter, Gauge, Registry } from '@prometheus-io/client';
import type { AccountRegion } from '../aws/account-region.ts';
import { tagLabelOf } from '../settings/tag-labels.ts';
import type { Reading } from './expiration-poller.ts';

export type ExpirationMetricsOptions = {
  /** For all metrics but the times of expiration, which have a registry of their own. */
  registry: Registry;
  accountRegion: Pick<AccountRegion, 'region'>;
  /** The keys of the tags that become labels; their labels must differ. */
  tagKeys: string[];
};

/** The expiration of all certificates, for Prometheus. */
export type ExpirationMetrics = {
  /** Replaces the previous reading. */
  read(reading: Reading): void;
  failed(code: string): void;
  /** The times of expiration for Prometheus; rendered once per reading, since there may be thousands. */
  text(): Promise<string>;
};

/**
 * The expiration metrics. While AWS cannot be read, the last values stay, and `last_read` says how old they
 * are. It is 0 before the first reading, so that an alert on its age also works after a restart.
 */
export function createExpirationMetrics({
  registry,
  accountRegion: { region },
  tagKeys,
}: ExpirationMetricsOptions): ExpirationMetrics {
  const registers = [registry];
  const expirations = new Registry();
  let text: Promise<string> | undefined;
  const expiration = new Gauge({
    name: 'certway_client_certificate_expiration_timestamp_seconds',
    help: 'When each client certificate expires, in seconds since 1970.',
    labelNames: ['client_certificate_id', 'description', 'region', ...tagKeys.map(tagLabelOf)],
    registers: [expirations],
  });
  const lastRead = new Gauge({
    name: 'certway_client_certificates_last_read_timestamp_seconds',
    help: 'When the client certificates were last read at AWS for their expiration, in seconds since 1970; 0: never.',
    labelNames: ['region'],
    registers,
  });
  const failures = new Counter({
    name: 'certway_client_certificates_read_failures_total',
    help: 'How often the client certificates could not be read for their expiration, by the code of the error.',
    labelNames: ['region', 'code'],
    registers,
  });
  lastRead.set({ region }, 0);

  return {
    read: ({ certificates, readAtMs }) => {
      expiration.reset();
      for (const { clientCertificateId, description, expirationDate, tags } of certificates) {
        const values = new Map(tags.map(({ key, value }) => [key, value]));
        const tagLabels = tagKeys.map((key) => [tagLabelOf(key), values.get(key) ?? '']);
        expiration.set(
          {
            client_certificate_id: clientCertificateId,
            description: description ?? '',
            region,
            ...Object.fromEntries(tagLabels),
          },
          expirationDate.getTime() / 1000,
        );
      }
      text = undefined;
      lastRead.set({ region }, readAtMs / 1000);
    },
    failed: (code) => failures.inc({ region, code }),
    text: () => {
      text ??= expirations.metrics();
      return text;
    },
  };
}
