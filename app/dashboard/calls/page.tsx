import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { listCalls } from '@/lib/calls/list-calls';
import { page } from '@/lib/doors/page';
import { ENDINGS } from '@/lib/rules/call-status';
import { can } from '@/lib/rules/permissions';
import { findCaller, liftBlock, markNotSpam, undoNotSpam } from './actions';
import { CallsScreen } from './calls-screen';

export const metadata = { title: 'Calls' };

export default page({
  requirePermission: 'view_calls',
  input: z.object({
    show: z.enum(['all', 'unheard', 'urgent', 'to_call_back', 'spam']).default('all'),
    status: z.enum(ENDINGS).nullable().default(null),
    caller: z.uuid().nullable().default(null),
    before: z.string().max(100).optional(),
    after: z.string().max(100).optional(),
  }),
  load: listCalls,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <CallsScreen
        view={data}
        actions={{
          findCaller,
          screen: can(viewer.role, 'handle_calls') ? { markNotSpam, undoNotSpam, liftBlock } : null,
        }}
      />
    </SignedIn>
  ),
});
