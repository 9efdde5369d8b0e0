import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Field } from '@/app/_ui/field';
import { PageHead } from '@/app/_ui/shell';
import { Trail, type TrailView } from '@/app/_ui/trail';

export type PlatformTrailView = TrailView & { businesses: readonly { id: string; name: string }[] };

/** `findPerson` gets `email`, and leads to this page with the person's id. */
export type AuditActions = { findPerson: FormAction };

export function AuditScreen({ view, actions }: { view: PlatformTrailView; actions: AuditActions }) {
  return (
    <>
      <PageHead title="Audit">
        Every business and everybody. Entries say who did what and to which ids; nothing that a caller said is here.
      </PageHead>
      <details>
        <summary className="w-fit rounded-control py-1 font-medium text-accent">Find a person by e-mail</summary>
        <div className="max-w-text pt-3">
          <ActionForm action={actions.findPerson} submit="Find" variant="secondary">
            <Field label="E-mail" name="email" type="email" autoComplete="off" hint="The whole address." />
          </ActionForm>
        </div>
      </details>
      <Trail view={view} path="/admin/audit" file="/api/platform-audit" businesses={view.businesses} />
    </>
  );
}
