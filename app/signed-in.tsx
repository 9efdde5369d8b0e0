import type { ReactNode } from 'react';
import type { Frame } from '@/lib/accounts/load-frame';
import type { Person } from '@/lib/platform/visit';
import { Shell } from './_ui/shell';
import { signOut } from './account/actions';
import { giveBack } from './admin/businesses/actions';

/** A screen in the frame of a signed-in person. */
export function SignedIn({ viewer, frame, children }: { viewer: Person; frame: Frame; children: ReactNode }) {
  return (
    <Shell frame={frame} viewer={viewer} signOut={signOut} giveBack={giveBack}>
      {children}
    </Shell>
  );
}
