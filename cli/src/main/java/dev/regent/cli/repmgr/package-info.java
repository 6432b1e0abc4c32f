/**
 * The command {@code mariadb-repmgr}: the flags of MariaDB Replication Manager 0.3 to 0.6, and one
 * act of Regent's own controller behind them, without a daemon.
 */
@NullMarked
package dev.regent.cli.repmgr;

import org.jspecify.annotations.NullMarked;
