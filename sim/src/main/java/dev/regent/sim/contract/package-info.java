/**
 * What may be asked of a cluster of MariaDB servers, real or simulated, one statement at a time,
 * and how an answer becomes a fact that both must share.
 */
@NullMarked
package dev.regent.sim.contract;

import org.jspecify.annotations.NullMarked;
