/** Rules of the house that are about what stands in a file, where `.dependency-cruiser.cjs` is about what it imports. */
import { type ModuleItem, parseSync } from '@swc/core';

export type Violation = { readonly rule: string; readonly file: string; readonly problem: string };

/** A node of the syntax tree, as far as these rules look at it. */
type Node = { readonly type: string } & Readonly<Record<string, unknown>>;

/** Files whose exports visitors reach directly. The exceptions are next-auth's own and those that nobody signs in for. */
const reached = /^app\/(?:.+\/)?(?:route|actions)\.tsx?$|^app\/(?:dashboard|account|admin)\/(?:.+\/)?page\.tsx$/;
const withoutDoor = /^app\/(?:api\/(?:another-site|auth|health)|\.well-known)\//;
const doors = /^@\/lib\/doors\/(?:action|cron|page|text-webhook|webhook)$/;
/** What Next reads from a route or a page beside its handlers. */
const settings = /^(?:dynamic|dynamicParams|fetchCache|maxDuration|metadata|preferredRegion|revalidate|runtime)$/;
/** Where Next itself asks for a client component. */
const clientFiles = /^app\/(?:_ui\/|error\.tsx$|global-error\.tsx$)/;

/** Checks one file, named from the root of the repository. */
export function checkSource(file: string, source: string): Violation[] {
  const { body } = parseSync(source, { syntax: 'typescript', tsx: file.endsWith('x') });
  const found: Violation[] = [];
  const complain = (rule: string, problem: string) => found.push({ rule, file, problem });

  if (reached.test(file) && !withoutDoor.test(file)) {
    for (const name of exportsWithoutDoor(body)) complain('exports-come-from-a-door', `"${name}" passed no door`);
  }
  const first = directivesOf(body);
  if (first.includes('use client') && !clientFiles.test(file)) {
    complain('client-code-in-ui', '"use client" belongs in app/_ui');
  }
  const isActions = /^app\/(?:.+\/)?actions\.ts$/.test(file);
  if (first.includes('use server') !== isActions) {
    complain('server-actions-in-actions', '"use server" is the first line of every actions.ts, and of nothing else');
  }
  if (body.some((item) => item.type === 'ExportNamedDeclaration' && item.typeOnly && item.source)) {
    complain('no-hidden-imports', '"export type … from" is an import that dependency-cruiser does not see');
  }
  for (const node of nodesOf(body)) {
    if (Array.isArray(node.stmts) && directivesOf(node.stmts).includes('use server')) {
      complain('server-actions-in-actions', 'an inline "use server" makes a way in that nobody sees');
    }
    if (file.startsWith('lib/rules/')) {
      const impurity = impurityOf(node);
      if (impurity) complain('rules-are-pure', `${impurity}: this must come as an argument`);
    }
    if (/^lib\/(?!platform\/)/.test(file) && importsGenerated(node)) {
      complain('only-platform-loads-the-client', 'of the generated database client only types may be imported');
    }
  }
  return found;
}

function exportsWithoutDoor(body: readonly ModuleItem[]): string[] {
  const fromDoors = new Set<string>();
  const values = new Map<string, Node | undefined>();
  for (const item of body) {
    if (item.type === 'ImportDeclaration' && doors.test(item.source.value)) {
      for (const specifier of item.specifiers) fromDoors.add(specifier.local.value);
    }
    const declaration = item.type === 'ExportDeclaration' ? item.declaration : item;
    if (declaration.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declaration.declarations) {
      if (id.type === 'Identifier') values.set(id.value, init as Node | undefined);
    }
  }
  const madeByDoor = (value: unknown): boolean => {
    const node = value as Node | undefined;
    if (node?.type === 'Identifier') return madeByDoor(values.get(String(node.value)));
    const callee = node?.type === 'CallExpression' ? (node.callee as Node) : undefined;
    return callee?.type === 'Identifier' && fromDoors.has(String(callee.value));
  };

  return body.flatMap((item): string[] => {
    switch (item.type) {
      case 'ExportDefaultExpression':
        return madeByDoor(item.expression) ? [] : ['default'];
      case 'ExportDefaultDeclaration':
        return ['default'];
      case 'ExportAllDeclaration':
        return ['*'];
      case 'ExportNamedDeclaration': {
        const throughDoor = item.source && doors.test(item.source.value);
        if (item.typeOnly || throughDoor) return [];
        return item.specifiers.flatMap((specifier) => {
          if (specifier.type !== 'ExportSpecifier') return ['*'];
          const name = (specifier.exported ?? specifier.orig).value;
          return !item.source && madeByDoor(specifier.orig) ? [] : [name];
        });
      }
      case 'ExportDeclaration': {
        const { declaration } = item;
        if (declaration.type.startsWith('Ts')) return [];
        if (declaration.type !== 'VariableDeclaration')
          return ['identifier' in declaration ? declaration.identifier.value : '?'];
        return declaration.declarations.flatMap(({ id, init }) => {
          const name = id.type === 'Identifier' ? id.value : '?';
          return settings.test(name) || madeByDoor(init) ? [] : [name];
        });
      }
      default:
        return [];
    }
  });
}

/** What a rule may not reach for by itself: time, chance, the environment, the network. */
function impurityOf(node: Node): string | null {
  if (node.type === 'NewExpression' && nameOf(node.callee) === 'Date' && !(node.arguments as unknown[])?.length) {
    return 'new Date()';
  }
  if (node.type === 'MemberExpression') {
    const name = `${nameOf(node.object)}.${nameOf(node.property)}`;
    if (/^(?:Date\.now|Math\.random|process\.\w+|crypto\.\w+|performance\.now|DateTime\.(?:now|local))$/.test(name))
      return name;
  }
  return node.type === 'CallExpression' && nameOf(node.callee) === 'fetch' ? 'fetch()' : null;
}

function importsGenerated(node: Node): boolean {
  const source = node.source as Node | null;
  return node.type === 'ImportDeclaration' && !node.typeOnly && String(source?.value).startsWith('@/lib/generated/');
}

function nameOf(node: unknown): string {
  const { type, value } = node as Node;
  return type === 'Identifier' ? String(value) : '';
}

/** The strings that open a file or a function. */
function directivesOf(statements: readonly unknown[]): string[] {
  const directives: string[] = [];
  for (const statement of statements as readonly Node[]) {
    const expression = statement.expression as Node | undefined;
    if (statement.type !== 'ExpressionStatement' || expression?.type !== 'StringLiteral') break;
    directives.push(String(expression.value));
  }
  return directives;
}

/** Every node of a tree. */
function* nodesOf(tree: unknown): Generator<Node> {
  if (typeof tree !== 'object' || tree === null) return;
  if ('type' in tree && typeof tree.type === 'string') yield tree as Node;
  for (const part of Object.values(tree)) yield* nodesOf(part);
}
