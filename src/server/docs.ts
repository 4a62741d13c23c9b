// The parts of docs/api.md that are made: the routes, and what each refusal means.

import { REFUSALS, refusalsOf } from './document.js';
import { STATUS_OF } from './http/problem.js';
import { GROUPS, type Group, ROUTES, type Route } from './routes/index.js';

/** Parts of docs/api.md by name, each between `<!-- name -->` and `<!-- /name -->`. */
export const apiDocs = (): Readonly<Record<string, string>> => ({
  routes: GROUPS.map(groupTable).join('\n\n'),
  refusals: refusalTable(),
});

/** A document with its made parts made anew. */
export function withApiDocs(markdown: string): string {
  return Object.entries(apiDocs()).reduce((text, [name, part]) => {
    const made = new RegExp(`(?<=<!-- ${name} -->\n)[^]*?(?=<!-- /${name} -->)`);
    return text.replace(made, () => `${part}\n`);
  }, markdown);
}

function groupTable(group: Group): string {
  const rows = ROUTES.filter((route) => route.group === group).map(row);
  return `### ${group}\n\n| request | | answers | refusals |\n|---|---|---|---|\n${rows.join('\n')}`;
}

function row(route: Route): string {
  const { method, path, about, answers, query } = route;
  const keys = query ? Object.keys((query as unknown as { shape: object }).shape) : [];
  const asked = `\`${method.toUpperCase()} ${path}${keys.length > 0 ? `?${keys.join('&')}` : ''}\``;
  const statuses = [...new Set(answers.map(({ status }) => status))].join(', ');
  const refused = refusalsOf(route).filter((status) => !EVERYWHERE.includes(status));
  return `| ${asked} | ${about} | ${statuses} | ${refused.join(', ')} |`;
}

/** Refusals of all routes, which are told once. */
const EVERYWHERE = [401, 403, 500, 503, 504];

function refusalTable(): string {
  const codes = (status: number) =>
    Object.entries(STATUS_OF).flatMap(([code, of]) => (of === status ? [`\`${code}\``] : []));
  const rows = Object.entries(REFUSALS).map(
    ([status, about]) => `| ${status} | ${about} | ${codes(Number(status)).join(' ')} |`,
  );
  return `| status | | codes of the project's errors |\n|---|---|---|\n${rows.join('\n')}`;
}
