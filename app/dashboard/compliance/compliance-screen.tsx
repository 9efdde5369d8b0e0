import { PageHead } from '@/app/_ui/shell';
import { Trail, type TrailView } from '@/app/_ui/trail';

export function ComplianceScreen({ view }: { view: TrailView }) {
  return (
    <>
      <PageHead title="Compliance">
        Who did what here, and who opened what callers said. Nobody can change or remove an entry.
      </PageHead>
      <Trail view={view} path="/dashboard/compliance" file="/api/audit" />
    </>
  );
}
