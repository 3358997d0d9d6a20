import { graphql } from '../api/generated/index.ts';

/** One certificate, with up to 100 of its stages. */
export const CERTIFICATE = graphql(`
  query Certificate($id: ID!) {
    clientCertificate(id: $id) {
      id
      clientCertificateId
      arn
      account
      accountId
      region
      description
      status
      usage
      createdDate
      expirationDate
      daysUntilExpiration
      pemEncodedCertificate
      tags {
        key
        value
      }
      x509 {
        fingerprintSha1
        fingerprintSha256
        serialNumber
        publicKeyAlgorithm
        publicKeyBits
      }
      stages(first: 100) {
        nodes {
          ...StageName
        }
        totalCount
        index {
          ...ReadSoFar
        }
      }
      replaces {
        id
        clientCertificateId
        description
      }
      replacedBy {
        id
        clientCertificateId
        description
      }
    }
  }
`);
