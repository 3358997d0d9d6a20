import type { ClientCertificate } from '../resources/client-certificates/client-certificate.ts';
import { replacedIdOf } from '../resources/client-certificates/replacements.ts';
import type { Reading } from '../resources/read-all.ts';
import type { StageSnapshot } from '../resources/stages/snapshot.ts';
import { keyOf, type Notice, noticeOf, type Use } from './notice.ts';

/** What is to be told of an account and region, by one reading of its certificates. */
export type Due = {
  /** The name of the account and region. */
  place: string;
  notices: Notice[];
  /** Keys of the certificates that are there; undefined if AWS sent broken ones, which may be any. */
  present: Set<string> | undefined;
  /** Keys of those of them that were replaced. */
  replaced: Set<string>;
};

export type DueOptions = {
  place: string;
  /** The thresholds, the largest first. */
  days: readonly number[];
  stages: Pick<StageSnapshot, 'usageOf' | 'ofCertificate'>;
  now: Date;
};

/** Derives everything from AWS alone, so that every replica does it alike, also after a restart. */
export function dueOf(reading: Reading, { place, days, stages, now }: DueOptions): Due {
  const { certificates, areAllWhole } = reading;
  const succeeded = new Set(certificates.map(replacedIdOf));
  const useOf = ({ clientCertificateId: id }: ClientCertificate): Use => {
    const usage = stages.usageOf(id);
    const isReplaced = succeeded.has(id) && usage === 'UNUSED';
    return { usage, stages: stages.ofCertificate(id).length, isReplaced };
  };
  const notices: Notice[] = [];
  const present = new Set<string>();
  const replaced = new Set<string>();
  for (const certificate of certificates) {
    const use = useOf(certificate);
    present.add(keyOf(certificate));
    if (use.isReplaced) replaced.add(keyOf(certificate));
    const notice = noticeOf(certificate, use, { place, days, now });
    if (notice) notices.push(notice);
  }
  return { place, notices, present: areAllWhole ? present : undefined, replaced };
}
