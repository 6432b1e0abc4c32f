/** Replication connections of a server: receiving, applying, and serving those who follow it. */
@NullMarked
package dev.regent.sim.replication;

import org.jspecify.annotations.NullMarked;
