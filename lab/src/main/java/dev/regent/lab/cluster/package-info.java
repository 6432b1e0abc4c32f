/** Runs real MariaDB servers: finds them, starts them, joins them to a cluster, takes them away. */
@NullMarked
package dev.regent.lab.cluster;

import org.jspecify.annotations.NullMarked;
