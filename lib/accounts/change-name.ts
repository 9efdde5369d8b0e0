import { seal } from '@/lib/platform/sealing';
import type { Person, Visit } from '@/lib/platform/visit';

/** Changes what the viewer is called here. */
export async function changeName({ tx, viewer, record }: Visit<Person>, { name }: { readonly name: string }) {
  const { userId } = viewer;
  const sealed = seal('User', { id: userId, name });
  await tx.user.updateMany({ where: { id: userId }, data: { name: sealed.name } });
  record({ action: 'user.update', resourceType: 'user', resourceId: userId, details: { fields: ['name'] } });
}
