/** Real MariaDB clusters on one machine, and the faults to test them with. */
@NullMarked
package dev.regent.lab;

import org.jspecify.annotations.NullMarked;
