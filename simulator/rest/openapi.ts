/** Twilio's own description of its REST API: which operations there are, what they take, and what they give. */
import { DateTime } from 'luxon';
import description from './twilio-openapi.json' with { type: 'json' };

/** As much of OpenAPI's schemas as Twilio's description uses. */
type Schema = {
  readonly $ref?: string;
  readonly type?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
};

type Described = {
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Schema }[];
  readonly requestBody?: {
    readonly content: { readonly 'application/x-www-form-urlencoded': { readonly schema: Schema } };
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: { readonly 'application/json': { readonly schema: Schema } } }>
  >;
};

/** One operation, found by method and path. */
export type Operation = {
  /** Method and path below the account, as `GET Calls/{Sid}.json`. */
  readonly name: string;
  /** What the path says for its parts in braces. */
  readonly ids: Readonly<Record<string, string>>;
  readonly described: Described;
};

const paths = description.paths as Readonly<Record<string, Readonly<Record<string, Described>>>>;
const schemas = description.components.schemas as Readonly<Record<string, Schema>>;

const routes = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({
    method: method.toUpperCase(),
    path: new RegExp(`^${path.replaceAll('.', '[.]').replace(/\{(\w+)\}/g, '(?<$1>[^/.]+)')}$`),
    name: `${method.toUpperCase()} ${path.replace(/^\/2010-04-01\/(Accounts\/\{AccountSid\}\/)?/, '')}`,
    described,
  })),
);

/** The names of all operations that are described. */
export const operationNames: readonly string[] = routes.map(({ name }) => name);

export function operationAt(method: string, pathname: string): Operation | null {
  for (const { name, described, ...route } of routes) {
    const ids = route.method === method ? route.path.exec(pathname)?.groups : undefined;
    if (ids !== undefined) return { name, ids, described };
  }
  return null;
}

/** What Twilio would not have understood of a request; empty when it is as described. */
export function problemsInRequest({ described }: Operation, query: URLSearchParams, form: URLSearchParams): string[] {
  const inQuery = described.parameters.filter((parameter) => parameter.in === 'query');
  const known = Object.fromEntries(inQuery.map(({ name, schema }) => [name, schema]));
  const body = described.requestBody?.content['application/x-www-form-urlencoded'].schema ?? {};
  return [
    ...problemsInTexts(known, query),
    ...problemsInTexts(body.properties ?? {}, form),
    ...(body.required ?? []).filter((name) => !form.has(name)).map((name) => `${name} is missing`),
  ];
}

function problemsInTexts(known: Readonly<Record<string, Schema>>, given: URLSearchParams): string[] {
  return [...new Set(given.keys())].flatMap((name) => {
    const schema = known[name];
    if (schema === undefined) return [`${name} is no parameter of this`];
    const values = given.getAll(name);
    if (schema.type === 'array') return problemsIn(schema, values, name);
    if (values.length > 1) return [`${name} is given more than once`];
    return problemsIn(schema, readText(schema, values[0] ?? ''), name);
  });
}

/** What the text of a parameter stands for; the text itself where it stands for nothing else. */
function readText({ type }: Schema, text: string): unknown {
  if (type === 'boolean' && /^(true|false)$/i.test(text)) return /^true$/i.test(text);
  if ((type === 'integer' || type === 'number') && /^-?\d+(\.\d+)?$/.test(text)) return Number(text);
  return text;
}

/** What is wrong with an answer; null for a status that is not described. */
export function problemsInAnswer({ described }: Operation, status: number, body: unknown): string[] {
  const response = described.responses[status];
  if (response === undefined) return [`status ${status} is not described`];
  const schema = response.content?.['application/json'].schema;
  return schema === undefined ? [] : problemsIn(schema, body, 'the answer');
}

/** Where a value is not what the schema says, one line each. An object has all its properties, and no others. */
function problemsIn(schema: Schema, value: unknown, at: string): string[] {
  const { $ref } = schema;
  if ($ref !== undefined) return problemsIn(schemas[$ref.replace('#/components/schemas/', '')] ?? {}, value, at);
  if (value === null) return schema.nullable ? [] : [`${at} is null`];
  switch (schema.type) {
    case 'array':
      return Array.isArray(value)
        ? value.flatMap((item, index) => problemsIn(schema.items ?? {}, item, `${at}[${index}]`))
        : [`${at} is no list`];
    case 'object':
      return typeof value === 'object' ? problemsInObject(schema, value, at) : [`${at} is no object`];
    case 'string':
      return typeof value === 'string' ? problemsInText(schema, value, at) : [`${at} is no text`];
    case 'integer':
    case 'number':
      return problemsInNumber(schema, value, at);
    case 'boolean':
      return typeof value === 'boolean' ? [] : [`${at} is neither true nor false`];
    default:
      return [];
  }
}

function problemsInObject({ properties }: Schema, value: object, at: string): string[] {
  if (properties === undefined) return [];
  const given: Readonly<Record<string, unknown>> = { ...value };
  return [
    ...Object.keys(given).flatMap((name) => (name in properties ? [] : [`${at} has an unknown ${name}`])),
    ...Object.entries(properties).flatMap(([name, schema]) =>
      name in given ? problemsIn(schema, given[name], `${at}.${name}`) : [`${at} has no ${name}`],
    ),
  ];
}

function problemsInNumber({ type, minimum, maximum }: Schema, value: unknown, at: string): string[] {
  if (typeof value !== 'number' || (type === 'integer' && !Number.isInteger(value))) return [`${at} is no ${type}`];
  const fits = value >= (minimum ?? value) && value <= (maximum ?? value);
  return fits ? [] : [`${at} is not between ${minimum} and ${maximum}`];
}

function problemsInText(schema: Schema, value: string, at: string): string[] {
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    return [`${at} is "${value}" and not one of ${schema.enum.join(', ')}`];
  }
  if (value.length < (schema.minLength ?? 0) || value.length > (schema.maxLength ?? Number.POSITIVE_INFINITY)) {
    return [`${at} is too short or too long`];
  }
  const hasForm =
    (schema.pattern === undefined || new RegExp(schema.pattern).test(value)) &&
    (FORMATS[schema.format ?? '']?.(value) ?? true);
  return hasForm ? [] : [`${at} does not have the form ${schema.pattern ?? schema.format}`];
}

const FORMATS: Readonly<Record<string, (text: string) => boolean>> = {
  'date-time': (text) => DateTime.fromISO(text).isValid,
  'date-time-rfc-2822': (text) => DateTime.fromRFC2822(text).isValid,
  'http-method': (text) => text === 'GET' || text === 'POST',
  'iso-country-code': (text) => /^[A-Z]{2}$/.test(text),
  currency: (text) => /^[A-Z]{3}$/.test(text),
  // Twilio gives addresses in its lists below its own host.
  uri: (text) => URL.canParse(text, 'https://api.twilio.com'),
};
