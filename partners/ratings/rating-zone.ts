/** Partners are in many zones, and their programmes too: they are rated by months of UTC. */
export const RATING_ZONE = 'UTC'
