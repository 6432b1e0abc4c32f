/**
 * How a server commits: settings, group commit, acknowledgements of replicas, and the locks that
 * hold it all up. Sessions are known here only as those who wait.
 */
@NullMarked
package dev.regent.sim.commit;

import org.jspecify.annotations.NullMarked;
