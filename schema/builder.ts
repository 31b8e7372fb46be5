import SchemaBuilder from '@pothos/core'
import ScopeAuthPlugin from '@pothos/plugin-scope-auth'
import SubGraphPlugin from '@pothos/plugin-sub-graph'
import type { Caller, Scope, StaffRole } from '../kernel/caller.ts'
import { Fault } from '../kernel/fault.ts'
import type { GraphContext } from './graph-context.ts'

/** The graphs that are cut out of the one set of types. */
export const GRAPHS = ['partner', 'customer', 'operations'] as const
export type GraphName = (typeof GRAPHS)[number]

type GraphTypes = {
  Context: GraphContext
  SubGraphs: GraphName
  DefaultFieldNullability: false
  DefaultAuthStrategy: 'all'
  AuthScopes: {
    /** A partner's client whose token has this scope. */
    scope: Scope
    /** A member of the staff with this role. */
    role: StaffRole
    /** Any partner's client, any customer, or staff who work here (not the systems that bring data in). */
    kind: Caller['kind']
    /** A partner's client with the scope, or staff. */
    scopeOrStaff: Scope
    /** A partner's client with statements:read, or staff who look after money or the law. */
    recordReader: boolean
    /** Staff who may take something from a partner: who look after partners, or after the law. */
    restrictor: boolean
    /** A customer, or staff who look after the law. */
    customerOrCompliance: boolean
    /** A customer, or staff. */
    customerOrStaff: boolean
  }
  Scalars: {
    ID: { Input: string; Output: string }
    DateTime: { Input: Date; Output: Date }
    JSON: { Input: never; Output: object | string | boolean }
  }
}

/** The one builder. A type shows in the graphs that it names, a root field too: what names none shows nowhere. */
export const builder = new SchemaBuilder<GraphTypes>({
  plugins: [ScopeAuthPlugin, SubGraphPlugin],
  defaultFieldNullability: false,
  subGraphs: { defaultForTypes: [], fieldsInheritFromTypes: true },
  scopeAuth: {
    defaultStrategy: 'all',
    authScopes: ({ caller }) => ({
      scope: (scope) => caller.kind === 'partner' && caller.scopes.has(scope),
      role: (role) => caller.kind === 'staff' && caller.roles.has(role),
      kind: (kind) => caller.kind === kind && (kind !== 'staff' || worksHere(caller)),
      scopeOrStaff: (scope) => (caller.kind === 'partner' ? caller.scopes.has(scope) : worksHere(caller)),
      recordReader: caller.kind === 'partner' ? caller.scopes.has('statements:read') : isAuditor(caller),
      restrictor: caller.kind === 'staff' && RESTRICTING_ROLES.some((role) => caller.roles.has(role)),
      customerOrCompliance: caller.kind === 'customer' || (caller.kind === 'staff' && caller.roles.has('compliance')),
      customerOrStaff: caller.kind === 'customer' || worksHere(caller),
    }),
    unauthorizedError: () => new Fault('FORBIDDEN', 'this needs a scope or a role that the caller does not have'),
  },
})

builder.queryType({ description: 'What can be read.', subGraphs: [...GRAPHS], defaultSubGraphsForFields: [] })
builder.mutationType({ description: 'What can be done.', subGraphs: [...GRAPHS], defaultSubGraphsForFields: [] })

const WORKING_ROLES: readonly StaffRole[] = ['partner-manager', 'finance', 'compliance']

const RESTRICTING_ROLES: readonly StaffRole[] = ['partner-manager', 'compliance']

const AUDITING_ROLES: readonly StaffRole[] = ['finance', 'compliance']

function isAuditor(caller: Caller): boolean {
  return caller.kind === 'staff' && AUDITING_ROLES.some((role) => caller.roles.has(role))
}

function worksHere(caller: Caller): boolean {
  return caller.kind === 'staff' && WORKING_ROLES.some((role) => caller.roles.has(role))
}
