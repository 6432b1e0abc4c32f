/**
 * The place of a benchmark or a drill: a cluster, a daemon over it, a load beside it, and its
 * account.
 */
@NullMarked
package dev.regent.lab.arena;

import org.jspecify.annotations.NullMarked;
