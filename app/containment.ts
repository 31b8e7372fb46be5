import type { ContainmentPorts } from '../customers/incidents/containment-ports.ts'
import { rotateSigningKey } from '../gateway/keys/rotate-signing-key.ts'
import { partnerContainment } from '../schema/containment.ts'

/** All that contains an incident. */
export const containment: ContainmentPorts = {
  ...partnerContainment,
  rotateKeys: (context) => rotateSigningKey(context, 'oauth'),
}
