/**
 * The context of a mutation that changes certificates: all that is shown of them is read again. The mutation asks for no certificate, since
 * reading that may fail after the change was made, and its whole answer with it.
 */
export const CHANGES_CERTIFICATES = { additionalTypenames: ['ClientCertificate'] };
