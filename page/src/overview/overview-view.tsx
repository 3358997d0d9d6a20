import { View } from '../shell/view.tsx';

export const OverviewView = () => <View title="What needs me">To come.</View>;
