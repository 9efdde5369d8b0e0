import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Checkbox } from '@/app/_ui/field';
import { TextLink } from '@/app/_ui/plain';
import { PageHead } from '@/app/_ui/shell';
import { dayOf } from '@/app/_ui/times';
import { roleWords } from '@/app/_ui/words';
import { FactorBadge, LastSignIn } from '../members-screen';

export type MemberDetailView = {
  now: Date;
  /** The zone of the business. */
  zone: string;
  businessName: string;
  id: string;
  name: string;
  email: string;
  role: 'business_owner' | 'staff';
  hasSecondFactor: boolean;
  lastSignInAt: Date | null;
  createdAt: Date;
  isYou: boolean;
  /** Nobody else owns the business. */
  isLastOwner: boolean;
};

/** Each gets `id`: `changeMemberRole` with `role`, the others with `takeOut` or `handOver` as `on` or absent. */
export type MemberActions = {
  changeMemberRole: FormAction;
  removeMember: FormAction;
  transferOwnership: FormAction;
};

export function MemberScreen({ view, actions }: { view: MemberDetailView; actions: MemberActions }) {
  return (
    <>
      <PageHead title={view.name}>
        {roleWords[view.role]} of <bdi>{view.businessName}</bdi>
      </PageHead>
      <dl className="grid max-w-form grid-cols-[auto_minmax(0,1fr)] gap-x-8 gap-y-3">
        <dt className="text-quiet">E-mail</dt>
        <dd className="wrap-anywhere">
          <bdi>{view.email}</bdi>
        </dd>
        <dt className="text-quiet">Sign-in</dt>
        <dd>
          <FactorBadge isOn={view.hasSecondFactor} />
        </dd>
        <dt className="text-quiet">Last seen</dt>
        <dd>
          <LastSignIn at={view.lastSignInAt} view={view} />
        </dd>
        <dt className="text-quiet">Here since</dt>
        <dd>{dayOf(view.createdAt, view.zone)}</dd>
      </dl>
      <RoleSection view={view} changeMemberRole={actions.changeMemberRole} />
      {view.role === 'staff' && <TransferSection view={view} transferOwnership={actions.transferOwnership} />}
      {view.isYou ? (
        <TextLink href="/account/leave">Leave this business</TextLink>
      ) : (
        <RemoveSection view={view} removeMember={actions.removeMember} />
      )}
      <TextLink href="/dashboard/people/members">Back to everybody who may sign in</TextLink>
    </>
  );
}

const moreRights =
  'As an owner they can also change the line, the people, and what is kept for how long; they can take out anybody, you included. It counts from the next thing they do, and they sign in again.';
const lessRights =
  'As staff they see and handle the calls, and can no longer change the line, the people, and what is kept for how long. Invitations that they sent stop working. It counts from the next thing they do, and they sign in again.';
const steppingDown =
  'As staff you see and handle the calls, and can no longer change the line, the people, and what is kept for how long. Invitations that you sent stop working. Only an owner can make you one again.';

function RoleSection({ view, changeMemberRole }: { view: MemberDetailView; changeMemberRole: FormAction }) {
  const isOwner = view.role === 'business_owner';
  return (
    <section aria-labelledby="role-title" className="flex max-w-text flex-col gap-4">
      <h2 id="role-title" className="text-title font-semibold">
        Role
      </h2>
      {view.isLastOwner ? (
        <p className="text-quiet">
          {view.isYou ? 'You are' : 'They are'} the only owner. A business keeps an owner, so make somebody else one
          first.
        </p>
      ) : (
        <>
          <p className="text-quiet">{view.isYou ? steppingDown : isOwner ? lessRights : moreRights}</p>
          <ActionForm
            action={changeMemberRole}
            submit={view.isYou ? 'Become staff' : isOwner ? 'Make staff' : 'Make an owner'}
            variant="secondary"
          >
            <input type="hidden" name="id" value={view.id} />
            <input type="hidden" name="role" value={isOwner ? 'staff' : 'business_owner'} />
          </ActionForm>
        </>
      )}
    </section>
  );
}

function TransferSection({ view, transferOwnership }: { view: MemberDetailView; transferOwnership: FormAction }) {
  return (
    <section aria-labelledby="transfer-title" className="flex max-w-text flex-col gap-4">
      <h2 id="transfer-title" className="text-title font-semibold">
        Hand the business over
      </h2>
      <p className="text-quiet">
        <bdi>{view.name}</bdi> becomes an owner in your place, and you stay as staff. Only an owner can make you one
        again.
      </p>
      <ActionForm action={transferOwnership} submit="Hand over" variant="secondary">
        <input type="hidden" name="id" value={view.id} />
        <Checkbox name="handOver" label="I will no longer be an owner" />
      </ActionForm>
    </section>
  );
}

function RemoveSection({ view, removeMember }: { view: MemberDetailView; removeMember: FormAction }) {
  return (
    <section aria-labelledby="remove-title" className="flex max-w-text flex-col gap-4">
      <h2 id="remove-title" className="text-title font-semibold">
        Take out of the business
      </h2>
      <p className="text-quiet">
        <bdi>{view.name}</bdi> is signed out here at once and can no longer open anything of this business. Their own
        account stays, and what they did stays in the trail. To let them in again, invite them again.
      </p>
      <ActionForm action={removeMember} submit="Take out" variant="secondary">
        <input type="hidden" name="id" value={view.id} />
        <Checkbox name="takeOut" label="They lose access now" />
      </ActionForm>
    </section>
  );
}
