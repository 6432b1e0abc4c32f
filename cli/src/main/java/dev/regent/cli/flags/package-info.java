/** The command line of MariaDB Replication Manager 0.3 to 0.6: words in, a request out. */
@NullMarked
package dev.regent.cli.flags;

import org.jspecify.annotations.NullMarked;
