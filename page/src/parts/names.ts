type Described = { clientCertificateId: string; description?: string | null };

/** What a certificate is called: its description, or AWS's id if it has none. */
export const nameOf = ({ clientCertificateId, description }: Described): string =>
  description || clientCertificateId;

type Placed = { account?: string | null; accountId?: string | null; region: string };

/** An account and region as people call it: `prod · eu-central-1`. */
export const placeOf = ({ account, accountId, region }: Placed): string =>
  [account ?? accountId, region].filter(Boolean).join(' · ');

/** `1 stage`, `2 stages`. */
export const count = (number: number, what: string): string =>
  `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
