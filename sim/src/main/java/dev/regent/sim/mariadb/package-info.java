/**
 * One MariaDB server as a state machine: sessions and what they may, locks, commits and their
 * acknowledgements, life and death. What a manager's or a client's driver sees is {@code Link}.
 */
@NullMarked
package dev.regent.sim.mariadb;

import org.jspecify.annotations.NullMarked;
