import type { Context } from '../../database/context.ts'
import type { ContainmentPorts } from './containment-ports.ts'
import { type Incident, MEASURES } from './incident.ts'
import { selectOpenIncidents } from './store/incidents.ts'
import { takeMeasure } from './take-measure.ts'

/**
 * Does the next piece of what contains incidents, whoever ordered it and was killed meanwhile, and says how much it did. Any
 * process may call it at any time.
 */
export async function continueContainment(context: Context, ports: ContainmentPorts): Promise<number> {
  let done = 0
  for (const incident of await selectOpenIncidents(context.database.reads)) {
    done += await takeNextMeasure(context, incident, ports)
  }
  return done
}

/** The next piece of what contains one incident, in the order of the measures. */
export async function takeNextMeasure(context: Context, incident: Incident, ports: ContainmentPorts): Promise<number> {
  const next = MEASURES.find((measure) => incident.measuresLeft.includes(measure))
  return next === undefined ? 0 : takeMeasure(context, { incident, measure: next }, ports)
}
