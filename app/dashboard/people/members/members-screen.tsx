import { Send, X } from 'lucide-react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { Field, Select } from '@/app/_ui/field';
import { QuickAction } from '@/app/_ui/quick-action';
import { Row, Rows } from '@/app/_ui/row';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { dayOf } from '@/app/_ui/times';
import { roleWords } from '@/app/_ui/words';
import { PeopleTabs } from '../people-tabs';

type MemberRole = 'business_owner' | 'staff';

type MemberView = {
  id: string;
  name: string;
  email: string;
  role: MemberRole;
  hasSecondFactor: boolean;
  lastSignInAt: Date | null;
  createdAt: Date;
  isYou: boolean;
};

type InvitationView = {
  id: string;
  email: string;
  role: MemberRole;
  sentAt: Date;
  expiresAt: Date;
  /** It ran out. */
  isOver: boolean;
  /** It may be sent again by now. */
  maySend: boolean;
};

export type MembersView = {
  now: Date;
  /** The zone of the business. */
  zone: string;
  members: readonly MemberView[];
  invitations: readonly InvitationView[];
};

/** `inviteMember` gets `email` and `role`, the others get `id`. */
export type MembersActions = {
  inviteMember: FormAction;
  resendInvitation: FormAction;
  withdrawInvitation: FormAction;
  restoreInvitation: FormAction;
};

export function MembersScreen({ view, actions }: { view: MembersView; actions: MembersActions }) {
  return (
    <>
      <PageHead title="People">Who may sign in for this business, and what they may do.</PageHead>
      <PeopleTabs />
      <section aria-labelledby="members" className="flex max-w-form flex-col gap-3">
        <h2 id="members" className="text-title font-semibold">
          Members
        </h2>
        <Rows label="Members">
          {view.members.map((member) => (
            <MemberRow key={member.id} member={member} view={view} />
          ))}
        </Rows>
      </section>
      {view.invitations.length > 0 && (
        <section aria-labelledby="invitations" className="flex max-w-form flex-col gap-3">
          <h2 id="invitations" className="text-title font-semibold">
            Invitations
          </h2>
          <ul aria-labelledby="invitations" className="divide-y divide-line border-y border-line">
            {view.invitations.map((invitation) => (
              <InvitationRow key={invitation.id} invitation={invitation} view={view} actions={actions} />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="invite" className="flex max-w-text flex-col gap-4">
        <h2 id="invite" className="text-title font-semibold">
          Invite somebody
        </h2>
        <p className="text-quiet">
          They get a link by mail, which works for this address alone, once, and for seven days.
        </p>
        <ActionForm action={actions.inviteMember} submit="Send the invitation">
          <Field label="E-mail" name="email" type="email" autoComplete="off" autoCapitalize="none" required />
          <Select
            label="Role"
            name="role"
            defaultValue="staff"
            options={[
              { value: 'staff', label: roleWords.staff },
              { value: 'business_owner', label: roleWords.business_owner },
            ]}
            hint="Staff see and handle the calls. Owners can also change the line, the people and what is kept for how long."
          />
        </ActionForm>
      </section>
    </>
  );
}

function MemberRow({ member, view }: { member: MemberView; view: MembersView }) {
  return (
    <Row
      href={`/dashboard/people/members/${member.id}`}
      title={
        <>
          <bdi>{member.name}</bdi>
          {member.isYou && ' (you)'}
        </>
      }
      meta={roleWords[member.role]}
      marks={
        <>
          <FactorBadge isOn={member.hasSecondFactor} />
          <span className="text-meta text-quiet">
            <LastSignIn at={member.lastSignInAt} view={view} /> · here since {dayOf(member.createdAt, view.zone)}
          </span>
        </>
      }
    >
      <bdi>{member.email}</bdi>
    </Row>
  );
}

/** Whether a password alone opens the account. */
export function FactorBadge({ isOn }: { isOn: boolean }) {
  return isOn ? <Badge tone="good">Second factor on</Badge> : <Badge tone="warn">No second factor</Badge>;
}

export function LastSignIn({ at, view }: { at: Date | null; view: { now: Date; zone: string } }) {
  if (at === null) return 'Has not signed in yet';
  return (
    <>
      Signed in <TimeAgo at={at} now={view.now} zone={view.zone} />
    </>
  );
}

function InvitationRow({
  invitation: { id, email, role, sentAt, expiresAt, isOver, maySend },
  view,
  actions,
}: {
  invitation: InvitationView;
  view: MembersView;
  actions: MembersActions;
}) {
  return (
    <li className="flex flex-col gap-3 py-3 desk:flex-row desk:items-center desk:justify-between desk:gap-6">
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">
          <bdi>{email}</bdi>
        </p>
        <p className="text-meta text-quiet">
          {roleWords[role]} · sent <TimeAgo at={sentAt} now={view.now} zone={view.zone} /> ·{' '}
          {isOver ? 'ran out' : 'works until'} {dayOf(expiresAt, view.zone)}
        </p>
        {isOver && <Badge tone="warn">No longer works</Badge>}
      </div>
      <div className="grid shrink-0 grid-cols-2 gap-2 desk:flex">
        {maySend && (
          <QuickAction
            action={actions.resendInvitation}
            fields={{ id }}
            icon={<Send aria-hidden className="size-4" />}
            label={`Send again to ${email}`}
          >
            Send again
          </QuickAction>
        )}
        <QuickAction
          action={actions.withdrawInvitation}
          undo={isOver ? undefined : actions.restoreInvitation}
          fields={{ id }}
          variant="quiet"
          icon={<X aria-hidden className="size-4" />}
          label={`Withdraw the invitation of ${email}`}
        >
          Withdraw
        </QuickAction>
      </div>
    </li>
  );
}
