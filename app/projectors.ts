import { productProjector } from '../catalog/project-products.ts'
import { customerProjector } from '../customers/project-customers.ts'
import { partnerProjector } from '../partners/project-partners.ts'
import type { Projector } from '../records/projector.ts'

/** Every table that is a projection of records, and who writes it. */
export const PROJECTORS: readonly Projector[] = [partnerProjector, customerProjector, productProjector]
