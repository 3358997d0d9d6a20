import type { Example } from './seeds.ts';

/** One certificate of each kind, so that a newcomer sees something: fresh, expiring, expired, tagged, nameless. */
export function exampleCertificates(now: Date): Example[] {
  const daysAgo = (days: number) => new Date(now.getTime() - days * 24 * 60 * 60 * 1000);
  return [
    {
      id: 'a1b2c3',
      description: 'Payments backend',
      tags: { team: 'payments', environment: 'production' },
      createdDate: daysAgo(40),
    },
    {
      id: 'd4e5f6',
      description: 'Orders backend',
      tags: { team: 'orders', environment: 'production' },
      createdDate: daysAgo(353),
    },
    {
      id: 'g7h8i9',
      description: 'Invoices backend',
      tags: { team: 'payments', environment: 'staging' },
      createdDate: daysAgo(362.5),
    },
    { id: 'j1k2l3', description: 'Search backend, retired', createdDate: daysAgo(400) },
    { id: 'm4n5o6', createdDate: daysAgo(10) },
  ];
}
