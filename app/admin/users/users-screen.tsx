import { UserRound } from 'lucide-react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { Choices } from '@/app/_ui/choices';
import { EmptyState } from '@/app/_ui/empty-state';
import { Field } from '@/app/_ui/field';
import { Pager } from '@/app/_ui/pager';
import { Row, Rows } from '@/app/_ui/row';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';

export type UsersShow = 'recent' | 'locked' | 'suspended' | 'admins';

/** An account as who runs the platform sees it. */
export type AccountFacts = {
  id: string;
  name: string;
  email: string;
  role: 'admin' | 'user';
  createdAt: Date;
  lastSignInAt: Date | null;
  /** Null where it is not closed by wrong passwords now. */
  lockedUntil: Date | null;
  twoFactorEnabled: boolean;
  suspendedAt: Date | null;
};

export type UsersView = {
  now: Date;
  show: UsersShow;
  /** Newest first. */
  accounts: readonly AccountFacts[];
  older: string | null;
  newer: string | null;
};

/** `findAccount` gets `email`, and leads to the account. */
export type UsersActions = { findAccount: FormAction };

const shows: readonly { value: UsersShow; label: string }[] = [
  { value: 'recent', label: 'All' },
  { value: 'locked', label: 'Closed for a while' },
  { value: 'suspended', label: 'Suspended' },
  { value: 'admins', label: 'Admins' },
];

const nobody: Record<UsersShow, string> = {
  recent: 'Nobody has an account yet.',
  locked: 'No account is closed by wrong passwords at the moment.',
  suspended: 'No account is suspended.',
  admins: 'Nobody runs the platform.',
};

export function UsersScreen({ view, actions }: { view: UsersView; actions: UsersActions }) {
  const { now, show, accounts } = view;
  return (
    <>
      <PageHead title="Users">Newest first. Opening this list is noted in the trail.</PageHead>
      <div className="max-w-text">
        <ActionForm action={actions.findAccount} submit="Find" variant="secondary">
          <Field
            label="Find somebody by e-mail"
            name="email"
            type="email"
            autoComplete="off"
            hint="The whole address: e-mails are sealed, so a part of one cannot be looked for."
          />
        </ActionForm>
      </div>
      <Choices label="Which accounts" choices={shows} chosen={show} href={(value) => address(value)} />
      {accounts.length === 0 ? (
        <EmptyState icon={UserRound} title="Nobody here">
          {nobody[show]}
        </EmptyState>
      ) : (
        <Rows label="Accounts, newest first">
          {accounts.map((account) => (
            <Row
              key={account.id}
              href={`/admin/users/${account.id}`}
              title={<bdi>{account.name}</bdi>}
              meta={
                account.lastSignInAt === null ? (
                  'Never signed in'
                ) : (
                  <>
                    Signed in <TimeAgo at={account.lastSignInAt} now={now} zone="UTC" />
                  </>
                )
              }
              marks={<AccountMarks account={account} />}
            >
              <bdi>{account.email}</bdi>
            </Row>
          ))}
        </Rows>
      )}
      <Pager
        newer={view.newer === null ? null : address(show, { after: view.newer })}
        older={view.older === null ? null : address(show, { before: view.older })}
      />
    </>
  );
}

/** What is special about an account, where something is. */
export function AccountMarks({ account }: { account: AccountFacts }) {
  const { role, suspendedAt, lockedUntil } = account;
  if (role !== 'admin' && suspendedAt === null && lockedUntil === null) return null;
  return (
    <>
      {suspendedAt !== null && <Badge tone="warn">Suspended</Badge>}
      {lockedUntil !== null && <Badge tone="warn">Closed for a while</Badge>}
      {role === 'admin' && <Badge tone="admin">Admin</Badge>}
    </>
  );
}

function address(show: UsersShow, cursor: Record<string, string> = {}): string {
  const search = new URLSearchParams(cursor);
  if (show !== 'recent') search.set('show', show);
  return search.size === 0 ? '/admin/users' : `/admin/users?${search}`;
}
