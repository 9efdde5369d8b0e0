import { SignedIn } from '@/app/signed-in';
import { listToday } from '@/lib/calls/list-today';
import { page } from '@/lib/doors/page';
import { can } from '@/lib/rules/permissions';
import { giveBackCall, markCalledBack, takeCall, undoCalledBack } from './calls/actions';
import { TodayScreen } from './today-screen';

export const metadata = { title: 'Today' };

export default page({
  requirePermission: 'view_calls',
  load: listToday,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <TodayScreen
        view={data}
        actions={can(viewer.role, 'handle_calls') ? { markCalledBack, undoCalledBack, takeCall, giveBackCall } : null}
        mayManage={can(viewer.role, 'manage_settings')}
      />
    </SignedIn>
  ),
});
