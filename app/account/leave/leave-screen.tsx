import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Checkbox } from '@/app/_ui/field';
import { TextLink } from '@/app/_ui/plain';
import { PageHead } from '@/app/_ui/shell';

/** The business that one is in; null where there is none to leave. */
export type LeaveView = {
  id: string;
  name: string;
  /** One owns it, and nobody else does. */
  isLastOwner: boolean;
} | null;

/** `leaveBusiness` gets `id`, and `understood` as `on` or absent. */
export function LeaveScreen({ view, leaveBusiness }: { view: LeaveView; leaveBusiness: FormAction }) {
  if (view === null) {
    return (
      <>
        <PageHead title="Leave a business">You are in no business at the moment.</PageHead>
        <TextLink href="/account">Back to your account</TextLink>
      </>
    );
  }
  return (
    <>
      <PageHead title="Leave a business">
        You are in <bdi>{view.name}</bdi>.
      </PageHead>
      <div className="flex max-w-text flex-col gap-6">
        {view.isLastOwner ? (
          <>
            <p>
              You are its only owner, and a business keeps an owner. Make somebody else an owner first, or hand it over;
              then you can leave.
            </p>
            <ButtonLink href="/dashboard/people/members" variant="primary" className="desk:self-start">
              Choose a new owner
            </ButtonLink>
          </>
        ) : (
          <>
            <p>
              Once you leave, you can no longer open its calls, and you are signed out of it everywhere else. Your own
              account stays. To come back, you need an invitation.
            </p>
            <ActionForm action={leaveBusiness} submit="Leave the business">
              <input type="hidden" name="id" value={view.id} />
              <Checkbox name="understood" label={`I want to leave ${view.name}`} />
            </ActionForm>
          </>
        )}
        <TextLink href="/account">Back to your account</TextLink>
      </div>
    </>
  );
}
