import type { ApiSeed, Example, RestApiSeed } from './seeds.ts';

/**
 * One certificate of each kind for newcomers: fresh, expiring, expired, tagged, without a
 * description.
 */
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

/** Stages that use the example certificates, a deleted certificate, an ACM certificate, or none. */
export const exampleRestApis: RestApiSeed[] = [
  {
    id: 'pay4ments0',
    name: 'Payments',
    tags: { team: 'payments' },
    stages: [
      { stageName: 'prod', clientCertificateId: 'a1b2c3', description: 'For the shops' },
      { stageName: 'staging', clientCertificateId: 'g7h8i9' },
    ],
  },
  {
    id: 'orders0001',
    name: 'Orders',
    tags: { team: 'orders' },
    stages: [
      { stageName: 'prod', clientCertificateId: 'd4e5f6' },
      { stageName: 'legacy', clientCertificateId: 'z9y8x7', description: 'Its certificate was deleted' },
    ],
  },
  {
    id: 'search0001',
    name: 'Search',
    stages: [
      {
        stageName: 'prod',
        clientCertificateId:
          'arn:aws:acm:us-east-1:111111111111:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0',
      },
      { stageName: 'dev' },
    ],
  },
];

export const exampleApis: ApiSeed[] = [
  {
    apiId: 'prices0001',
    name: 'Price updates',
    tags: { team: 'payments' },
    stages: [{ stageName: 'prod', clientCertificateId: 'a1b2c3' }],
  },
];
