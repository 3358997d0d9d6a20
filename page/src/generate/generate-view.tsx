import { View } from '../shell/view.tsx';

/** A new certificate; with `replaces` in the address, for one to replace. */
export const GenerateView = ({ params }: { params: URLSearchParams }) => (
  <View title="Generate a certificate">{params.get('replaces') ?? 'To come.'}</View>
);
