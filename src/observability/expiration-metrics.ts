import { Counter, Gauge, Registry } from '@prometheus-io/client';
import type { AccountRegionName } from '../aws/account-region.ts';
import type { ClientCertificate } from '../resources/client-certificates/client-certificate.ts';
import type { Reading } from '../resources/read-all.ts';
import { tagLabelOf } from '../settings/tag-labels.ts';
import type { PlaceLabels } from './place-labels.ts';

export type ExpirationMetricsOptions = {
  /** For all metrics but the times of expiration, which have registries of their own. */
  registry: Registry;
  labels: PlaceLabels;
  /** The keys of the tags that become labels; their labels must differ. */
  tagKeys: string[];
};

/** The expiration of all certificates, for Prometheus. */
export type ExpirationMetrics = {
  /** The metrics of an account and region; call it once for each. */
  in(where: AccountRegionName): ExpirationMetricsIn;
  /** The times of expiration for Prometheus; those of each reading are rendered once, since there may be thousands. */
  text(): Promise<string>;
};

export type ExpirationMetricsIn = {
  /** Replaces the previous reading. */
  read(reading: Reading): void;
  failed(code: string): void;
};

/**
 * The expiration metrics. While AWS cannot be read, the last values stay, and `last_read` says how old they
 * are. It is 0 before the first reading, so that an alert on its age also works after a restart.
 */
export function createExpirationMetrics({
  registry,
  labels,
  tagKeys,
}: ExpirationMetricsOptions): ExpirationMetrics {
  const registers = [registry];
  /** The last readings of all accounts and regions. They are kept as texts, which are smaller than a metric's values. */
  const texts: (() => Promise<string>)[] = [];
  const lastRead = new Gauge({
    name: 'certway_client_certificates_last_read_timestamp_seconds',
    help: 'When the client certificates were last read at AWS for their expiration, in seconds since 1970; 0: never.',
    labelNames: labels.names,
    registers,
  });
  const failures = new Counter({
    name: 'certway_client_certificates_read_failures_total',
    help: 'How often the client certificates could not be read for their expiration, by the code of the error.',
    labelNames: [...labels.names, 'code'],
    registers,
  });

  /** Lines without a description, since that comes once: see `text`. */
  function linesOf(certificates: ClientCertificate[], place: Record<string, string>): Promise<string> {
    const { expiration, expirations } = newExpiration();
    for (const { clientCertificateId, description, expirationDate, tags } of certificates) {
      const values = new Map(tags.map(({ key, value }) => [key, value]));
      const tagLabels = tagKeys.map((key) => [tagLabelOf(key), values.get(key) ?? '']);
      expiration.set(
        {
          client_certificate_id: clientCertificateId,
          description: description ?? '',
          ...place,
          ...Object.fromEntries(tagLabels),
        },
        expirationDate.getTime() / 1000,
      );
    }
    return expirations.metrics().then(withoutComments);
  }

  function newExpiration() {
    const expirations = new Registry();
    const expiration = new Gauge({
      name: 'certway_client_certificate_expiration_timestamp_seconds',
      help: 'When each client certificate expires, in seconds since 1970.',
      labelNames: ['client_certificate_id', 'description', ...labels.names, ...tagKeys.map(tagLabelOf)],
      registers: [expirations],
    });
    return { expiration, expirations };
  }

  return {
    in: (where) => {
      const place = labels.of(where);
      let text = Promise.resolve('');
      texts.push(() => text);
      lastRead.set(place, 0);
      return {
        read: ({ certificates, readAtMs }) => {
          text = linesOf(certificates, place);
          lastRead.set(place, readAtMs / 1000);
        },
        failed: (code) => failures.inc({ ...place, code }),
      };
    },
    text: async () => {
      const description = await newExpiration().expirations.metrics();
      return [description, ...(await Promise.all(texts.map((text) => text())))].join('');
    },
  };
}

/**
 * A metric is described once (https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information).
 * Only \n ends a line: descriptions and tags may have other line separators, which `^` and `.` would know.
 */
const withoutComments = (text: string): string => text.replaceAll(/(?<![^\n])(#[^\n]*)?\n/g, '');
