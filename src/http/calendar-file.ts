import { createHash } from 'node:crypto';
import ical, { ICalAlarmType, ICalEventTransparency } from 'ical-generator';

/** A certificate as the calendar tells of it. */
export type CalendarCertificate = {
  clientCertificateId: string;
  arn: string;
  accountId: string | null;
  account: string | null;
  region: string;
  description: string | null;
  createdDate: string;
  expirationDate: string;
  usage: 'IN_USE' | 'UNKNOWN' | 'UNUSED';
  stages: { totalCount: number };
  replacedBy: { clientCertificateId: string } | null;
};

const MINUTE_SECONDS = 60;
const DAY_SECONDS = 24 * 60 * MINUTE_SECONDS;
const REFRESH_SECONDS = 6 * 60 * MINUTE_SECONDS;

/**
 * One event per certificate, at its expiration (https://www.rfc-editor.org/rfc/rfc5545). Its UID never changes, so that a calendar that
 * reads the file again changes the event instead of adding another. The same certificates give the same text.
 */
export function calendarOf(
  certificates: readonly CalendarCertificate[],
  alarmDays: readonly number[],
): string {
  const calendar = ical({
    name: 'Client certificates',
    description: 'When client certificates of API Gateway expire.',
    prodId: { company: 'certway', product: 'certway', language: 'EN' },
    ttl: REFRESH_SECONDS,
  });
  for (const certificate of certificates) {
    const start = new Date(certificate.expirationDate);
    calendar.createEvent({
      id: uidOf(certificate),
      stamp: new Date(certificate.createdDate),
      start,
      end: new Date(start.getTime() + MINUTE_SECONDS * 1000),
      transparency: ICalEventTransparency.TRANSPARENT,
      summary: summaryOf(certificate),
      description: descriptionOf(certificate),
      alarms: alarmDays
        .filter((days) => days > 0)
        .map((days) => ({ type: ICalAlarmType.display, trigger: days * DAY_SECONDS })),
    });
  }
  return certificates.length === 0 ? withComponent(calendar.toString()) : calendar.toString();
}

/** A calendar has at least one component (https://www.rfc-editor.org/rfc/rfc5545#section-3.6), and this one shows nothing. */
const withComponent = (empty: string): string => {
  const utc = [
    'TZID:UTC',
    'BEGIN:STANDARD',
    'DTSTART:19700101T000000',
    'TZOFFSETFROM:+0000',
    'TZOFFSETTO:+0000',
  ];
  const lines = ['BEGIN:VTIMEZONE', ...utc, 'END:STANDARD', 'END:VTIMEZONE', 'END:VCALENDAR'];
  return empty.replace('END:VCALENDAR', lines.join('\r\n'));
};

/** ARNs have no account, so another account may have the same. */
const uidOf = ({ arn, accountId }: CalendarCertificate): string =>
  `${createHash('sha256').update(`${accountId} ${arn}`).digest('hex')}@certway`;

/** Texts have no control characters but tabs and line ends (https://www.rfc-editor.org/rfc/rfc5545#section-3.3.11). */
const nameOf = ({ description, clientCertificateId }: CalendarCertificate): string =>
  (description ?? '').replaceAll(CONTROLS, ' ') || clientCertificateId;

const CONTROLS = /[\p{Cc}--[\t\r\n]]/gv;

const summaryOf = (certificate: CalendarCertificate): string =>
  `${nameOf(certificate)}: client certificate expires${certificate.usage === 'IN_USE' ? ', in use' : ''}`;

function descriptionOf(certificate: CalendarCertificate): string {
  const { clientCertificateId, account, accountId, region, usage, stages, replacedBy } = certificate;
  const uses = {
    IN_USE: `Used by ${stages.totalCount} known stage${stages.totalCount === 1 ? '' : 's'}.`,
    UNKNOWN: 'Not known to be used, but not all stages have been read.',
    UNUSED: 'No stage uses it.',
  };
  return [
    `Client certificate ${clientCertificateId} in ${[account ?? accountId, region].filter(Boolean).join(', ')}.`,
    uses[usage],
    ...(replacedBy ? [`${replacedBy.clientCertificateId} was generated to replace it.`] : []),
    'AWS does not renew it.',
  ].join('\n');
}
