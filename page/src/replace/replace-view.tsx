import { View } from '../shell/view.tsx';

/** Replacing the certificate with this global id, step by step; the step is in the address. */
export const ReplaceView = ({ id, params }: { id: string; params: URLSearchParams }) => (
  <View title="Replace a certificate">
    {id} {params.get('step')}
  </View>
);
