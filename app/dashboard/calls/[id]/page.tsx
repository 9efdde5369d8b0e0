import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { readCall } from '@/lib/calls/read-call';
import { page } from '@/lib/doors/page';
import { can } from '@/lib/rules/permissions';
import {
  blockCaller,
  giveBackCall,
  markCalledBack,
  markHeard,
  markNotSpam,
  markUnheard,
  takeCall,
  unblockCaller,
  undoCalledBack,
  undoNotSpam,
} from '../actions';
import { CallScreen } from './call-screen';

export const metadata = { title: 'A call' };

export default page({
  requirePermission: 'view_calls',
  input: z.object({ id: z.uuid() }),
  load: readCall,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <CallScreen
        view={data}
        mayHold={can(viewer.role, 'manage_compliance')}
        actions={
          can(viewer.role, 'handle_calls')
            ? {
                markHeard,
                markUnheard,
                markCalledBack,
                undoCalledBack,
                takeCall,
                giveBackCall,
                markNotSpam,
                undoNotSpam,
                blockCaller,
                unblockCaller,
              }
            : null
        }
      />
    </SignedIn>
  ),
});
