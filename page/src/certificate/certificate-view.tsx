import { View } from '../shell/view.tsx';

/** One certificate, by its global id. */
export const CertificateView = ({ id }: { id: string }) => <View title="Certificate">{id}</View>;
